"""Dragino LGT-92: a tracker for people and things, firmware 1.5 and 1.6.

Sources: the maker's manual (LGT-92 LoRa GPS Tracker User Manual), and the device repository of The Things Network
(vendor/dragino/lgt92.js). Numbers are big-endian. 11 bytes with the motion sensor off, 15 with it, 18 with height and
precision; the manual's first example of the last has 16, with precision only. What is between these was cut.

Earlier firmware (12 bytes, places of three bytes each) is refused.
"""

from struct import Struct, unpack_from

from domain.decoding.codec import Context, Decoded, Notice, Payload, Snapshot
from domain.decoding.refusals import too_long, too_short, unknown_f_port
from domain.observation import Position, Reading, gauge, position, state

_PORT = 2
_HEAD = Struct(">iiHB")
"""Latitude and longitude (10^-6 deg); alarm and battery (mV); motion detection, light and firmware."""
_TILT = Struct(">hh")
"""Roll and pitch (10^-2 deg)."""
_WITHOUT_MOTION, _WITH_TILT, _WITH_PRECISION, _WITH_HEIGHT = 11, 15, 16, 18
_LENGTHS = (_WITHOUT_MOTION, _WITH_TILT, _WITH_PRECISION, _WITH_HEIGHT)
_ALARM, _BATTERY_MASK = 0x4000, 0x3FFF
_LIGHT, _FIRMWARE_MASK, _FIRST_FIRMWARE = 0x20, 0x1F, 160
_MOVE = 1
_MOTION_MODES = ("disable", "move", "collide", "user")
_SWITCHED_OFF = 0x0FFF_FFFF
"""Both angles, 268 deg: the battery is too low for the receiver."""
_MICRODEGREE = 10
"""Steps of a position in 10^-6 deg."""

_ALARMS = tuple(state("device.alarm", "sos", on) for on in (False, True))
_FIX = tuple(state("position.fix", "", on) for on in (False, True))
_MOVING = state("motion.moving", "", True)  # noqa: FBT003  a state's value, no switch


def decode(payload: Payload, context: Context) -> Decoded:
    """Return what ``payload`` means; the tracker sends nothing in pieces, so that ``context`` stays empty.

    Raises:
        Undecodable: the port or the length is not the tracker's.
    """
    del context
    if payload.f_port != _PORT:
        raise unknown_f_port(payload.f_port)
    data = payload.data
    length = _checked_length(data)
    latitude, longitude, battery, flags = _HEAD.unpack_from(data)
    mode = flags >> 6
    readings = [
        _ALARMS[bool(battery & _ALARM)],
        gauge("device.battery.voltage", "", (battery & _BATTERY_MASK) / 1_000),
    ]
    if mode == _MOVE:
        readings.append(_MOVING)
    height_m = unpack_from(">h", data, 16)[0] / 100 if length == _WITH_HEIGHT else None
    notices = _add_fix(readings, latitude, longitude, height_m)
    if length >= _WITH_TILT:
        roll, pitch = _TILT.unpack_from(data, 11)
        readings += (gauge("motion.tilt", "pitch", pitch / 100), gauge("motion.tilt", "roll", roll / 100))
    if length >= _WITH_PRECISION:
        notices.append(Notice("dilution_of_precision", f"{data[15] / 100:g}"))
    return Decoded((Snapshot(tuple(readings)),), _attributes(mode, flags), tuple(notices))


def _checked_length(data: bytes) -> int:
    length = len(data)
    if length not in _LENGTHS:
        longer = [each for each in _LENGTHS if each > length]
        raise too_short(length, longer[0]) if longer else too_long(length, _WITH_HEIGHT)
    return length


def _add_fix(readings: list[Reading], latitude: int, longitude: int, height_m: float | None) -> list[Notice]:
    """Add where the tracker is; 0/0 says that it found no satellites in time."""
    if not (latitude or longitude):
        readings.append(_FIX[False])
        return [Notice("position_missing")]
    if latitude == longitude == _SWITCHED_OFF:
        readings.append(_FIX[False])
        return [Notice("position_missing", "the battery is too low")]
    place = Position(latitude * _MICRODEGREE, longitude * _MICRODEGREE, altitude_m=height_m)
    readings += (_FIX[True], position("", place))
    return []


def _attributes(mode: int, flags: int) -> dict[str, str]:
    """Return what the flags say of the tracker; firmware 1.5 counts its number from 150, which no bit tells."""
    return {
        "firmware": str(_FIRST_FIRMWARE + (flags & _FIRMWARE_MASK)),
        "config.light_enabled": "true" if flags & _LIGHT else "false",
        "config.motion_mode": _MOTION_MODES[mode],
    }
