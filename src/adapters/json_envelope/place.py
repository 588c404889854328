"""Where a network server believes a device to be, in the words of the domain."""

from collections.abc import Mapping
from typing import Annotated

from msgspec import Meta, Struct

from domain.observation import Position

Latitude = Annotated[float, Meta(ge=-90, le=90)]
Longitude = Annotated[float, Meta(ge=-180, le=180)]
Metres = Annotated[float, Meta(ge=-100_000, le=1_000_000_000)]
"""Of an altitude, or of an accuracy that may be as bad as the earth is wide."""

_STEPS_A_DEGREE = 10_000_000
UNKNOWN = "unknown"


class Location(Struct, frozen=True, gc=False):
    """The Things Stack and ChirpStack write it alike, and leave out what is zero."""

    latitude: Latitude = 0.0
    longitude: Longitude = 0.0
    altitude: Metres = 0.0
    accuracy: Metres = 0.0
    source: str = ""
    """The name of an enumeration's value; absent: unknown, its zero."""


def position_of(location: Location, sources: Mapping[str, str]) -> Position | None:
    """Return ``location`` with its source in our words; None where it is 0/0, which stands for none at all.

    An altitude or accuracy of 0 was left out, or never known: both are written the same way.
    """
    if not (location.latitude or location.longitude):
        return None
    return Position(
        round(location.latitude * _STEPS_A_DEGREE),
        round(location.longitude * _STEPS_A_DEGREE),
        sources.get(location.source, UNKNOWN),
        location.altitude or None,
        location.accuracy or None,
    )
