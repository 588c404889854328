"""Outages in ``[[losses.outages]]`` of sources that the settings do not have: gone since, or never there.

The settings alone cannot tell which. Whoever counts frames can (``stadtfunk.roles.gone_sources``).
"""

from msgspec import Struct

from stadtfunk.settings.connectors import UplinkConnectorSettings
from stadtfunk.settings.model import Settings


class GoneSource(Struct, frozen=True):
    """An outage of a source that is not among those of the settings."""

    path: str
    """Where the settings name it: ``losses.outages[0].source = 'swu'``."""
    source: str


def gone_sources(settings: Settings) -> list[GoneSource]:
    """Return the outages of sources that are not configured (any more)."""
    known = source_names(settings)
    return [
        GoneSource(f"losses.outages[{index}].source = {each.source!r}", each.source)
        for index, each in enumerate(settings.losses.outages)
        if each.source not in known
    ]


def source_names(settings: Settings) -> list[str]:
    """Return whose frames are counted: the ``[[sources]]``, and the connectors that bring uplinks."""
    of_connectors = [each for each in settings.connectors if isinstance(each, UplinkConnectorSettings)]
    names = [*(each.name for each in settings.sources), *(each.source or each.name for each in of_connectors)]
    return list(dict.fromkeys(names))
