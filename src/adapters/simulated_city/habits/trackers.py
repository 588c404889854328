"""A tracker on a container that the city lends: it rests, is driven elsewhere, and rests again."""

from math import atan2, cos, hypot, radians, tau
from zlib import crc32

from adapters.simulated_city.device import CityDevice
from adapters.simulated_city.encoders import digital_matter_oyster as oyster
from adapters.simulated_city.frame import Frame, Meaning
from domain.observation import Position

_NS = 1_000_000_000
_STAY_S, _TRIP_S = 5_400, 900
"""It rests for an hour and a quarter, then is on its way for a quarter of an hour."""
_LATITUDE_E7, _LONGITUDE_E7, _SPREAD_E7 = 483_984_000, 99_916_000, 400_000
"""Ulm, and 4 km around."""
_METRES_A_STEP = 0.011_132
"""10^-7 degrees of latitude."""
_COS_LATITUDE = cos(radians(48.4))
_NO_FIX_IN = 16
_FULL_MV, _A_TRIP_MV = 5_400, 25
_BATTERIES = 40
"""Steps of the battery before somebody changes it."""


def tracker_frame(device: CityDevice, network_ns: int, opens: bool) -> Frame:  # noqa: ARG001, FBT001  the Habit's shape
    """Return what the tracker sends at ``network_ns``."""
    seconds = network_ns // _NS
    fix, moving = _fix(device, seconds)
    failed = crc32(b"%d %d" % (device.traits, seconds)) % _NO_FIX_IN == 0
    millivolts = _FULL_MV - seconds // _STAY_S % _BATTERIES * _A_TRIP_MV
    meanings: list[Meaning] = [
        ("motion.moving", "", network_ns, moving, 0),
        ("device.battery.voltage", "", network_ns, millivolts / 1_000, 0),
        ("position.fix", "", network_ns, not failed, 0),
    ]
    if not failed:
        meanings += [
            ("position", "", network_ns, Position(fix.latitude_e7, fix.longitude_e7), 0),
            ("motion.speed", "", network_ns, float(fix.speed_kmh), 0),
            ("motion.heading", "", network_ns, fix.heading * oyster.HEADING_DEG, 0),
        ]
    payload = oyster.position(fix, millivolts, in_trip=moving, fix_failed=failed)
    return Frame(oyster.POSITION_PORT, payload, tuple(meanings))


def _fix(device: CityDevice, seconds: int) -> tuple[oyster.Fix, bool]:
    """Return where it is at ``seconds`` (since 1970-01-01 UTC), and whether it is on its way."""
    stay, since = divmod(seconds + device.traits % _STAY_S, _STAY_S)
    here, on_its_way = _spot(device, stay), since - (_STAY_S - _TRIP_S)
    if on_its_way < 0:
        return oyster.Fix(*here, 0, 0), False
    there = _spot(device, stay + 1)
    north, east = there[0] - here[0], (there[1] - here[1]) * _COS_LATITUDE
    speed = hypot(north, east) * _METRES_A_STEP / _TRIP_S * 3.6
    heading = round(atan2(east, north) / tau * 64) % 64
    latitude, longitude = (a + (b - a) * on_its_way // _TRIP_S for a, b in zip(here, there, strict=True))
    return oyster.Fix(latitude, longitude, round(speed), heading), True


def _spot(device: CityDevice, stay: int) -> tuple[int, int]:
    draw = crc32(b"%d at %d" % (device.traits, stay))
    north, east = draw & 0xFFFF, draw >> 16
    return (
        _LATITUDE_E7 + (north * 2 - 0xFFFF) * _SPREAD_E7 // 0xFFFF,
        _LONGITUDE_E7 + (east * 2 - 0xFFFF) * _SPREAD_E7 // 0xFFFF,
    )
