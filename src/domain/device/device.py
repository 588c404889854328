"""A device as the registry knows it."""

from itertools import islice

from msgspec import Struct

from domain.identifiers import DevEui

_MOST_ATTRIBUTES = 200
"""Several times what any device reports; what is remembered of a device must fit one record of the changelog."""


class Device(Struct, frozen=True, gc=False, omit_defaults=True):
    """Master data of a device; it registers itself with its first uplink."""

    dev_eui: DevEui
    written_us: int
    """When we learned it, µs since 1970-01-01 UTC; the later of two versions wins."""
    device_type: str = ""
    """Key of the codec catalogue; empty: not known, its payloads go to the dead letters."""
    source: str = ""
    application_id: str = ""
    device_id: str = ""
    registered_us: int = 0
    """When its first message reached us, µs since 1970-01-01 UTC."""
    attributes: dict[str, str] = {}
    """What the device last reported of itself (serial, firmware, settings)."""


def with_reported(known: dict[str, str], reported: dict[str, str]) -> dict[str, str]:
    """Return the attributes ``known`` with those ``reported``; new names find room up to a bound."""
    return dict(islice({**known, **reported}.items(), _MOST_ATTRIBUTES))
