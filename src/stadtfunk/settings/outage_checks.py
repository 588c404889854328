"""What ``[[losses.outages]]`` cannot tell alone: whether there is such a source."""

from stadtfunk.settings.connectors import UplinkConnectorSettings
from stadtfunk.settings.model import Settings

_OF_SOURCES = ("sources", "connectors")


def check_outages(settings: Settings, mistakes: list[str]) -> None:
    """Add to ``mistakes`` the outages of sources that nobody knows: nothing that comes would be booked to them.

    Where a source itself has mistakes, it may be one of those that could not be read: nothing is said of outages then.
    """
    if any(mistake.startswith(_OF_SOURCES) for mistake in mistakes):
        return
    known = _sources(settings)
    for index, each in enumerate(settings.losses.outages):
        if each.source not in known:
            path = f"losses.outages[{index}].source = {each.source!r}"
            mistakes.append(f"{path}: no source has that name: one of {', '.join(known)} expected")


def _sources(settings: Settings) -> list[str]:
    """Return whose frames are counted: the ``[[sources]]``, and the connectors that bring uplinks."""
    of_connectors = [each for each in settings.connectors if isinstance(each, UplinkConnectorSettings)]
    names = [*(each.name for each in settings.sources), *(each.source or each.name for each in of_connectors)]
    return list(dict.fromkeys(names))
