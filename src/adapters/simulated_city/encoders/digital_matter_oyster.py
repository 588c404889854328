"""Digital Matter Oyster: a tracker on whatever the city lends and moves.

Source: digital-matter/oyster in the LoRaWAN Device Repository: the position message on port 1, all little-endian.
"""

from struct import Struct as Layout

from msgspec import Struct

POSITION_PORT = 1

_POSITION = Layout("<iiBBB")
_IN_TRIP, _FIX_FAILED = 0x01, 0x02
_HEADING_SHIFT = 2
_MILLIVOLTS = 25
HEADING_DEG = 5.625
"""A heading counts sixty-fourths of a circle."""


class Fix(Struct, frozen=True):
    """Where it is, or was when it last knew."""

    latitude_e7: int
    longitude_e7: int
    speed_kmh: int
    heading: int
    """0 to 63."""


def position(fix: Fix, millivolts: int, *, in_trip: bool, fix_failed: bool) -> bytes:
    """Return what it says; of a failed fix ``fix`` is the last one that succeeded."""
    state = (_IN_TRIP if in_trip else 0) | (_FIX_FAILED if fix_failed else 0) | fix.heading << _HEADING_SHIFT
    return _POSITION.pack(fix.latitude_e7, fix.longitude_e7, state, fix.speed_kmh, millivolts // _MILLIVOLTS)
