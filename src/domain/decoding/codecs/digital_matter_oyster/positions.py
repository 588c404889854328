"""Where the tracker is: in full (port 1), in nine bytes (port 4), and with the time and the time at rest (port 33)."""

from domain.decoding.codec import Decoded, Notice, Snapshot
from domain.decoding.codecs.digital_matter_oyster.bit_reader import BitReader
from domain.observation import Position, Reading, gauge, state
from domain.observation import position as placed
from domain.rfc3339 import NS_PER_S

_SHORT_LENGTH, _LENGTH = 9, 11
_SHORT_STEP = 256
"""The short position counts 256 · 10^-7 deg, 2.8 m."""
_HALF_TURN, _TURN = 180 * 10**7, 360 * 10**7
_LATITUDE_BITS, _LONGITUDE_BITS = 23, 24
_HEADING_DEG, _SHORT_HEADING_DEG, _SHORT_SPEED_KMH = 360 / 64, 360 / 8, 5
_BATTERY_MV = 25
_WIDE_BATTERY_MV, _LOWEST_WIDE_BATTERY_MV = 32, 3_500
_TICK_S, _TICKS, _NO_TIME = 15, 127, 127
"""The clock is told in steps of 15 s, and begins anew after 127 of them, 31 min 45 s."""
_LATEST_S = 600
"""How far a clock may be before the network's, as the maker's decoder has it."""
_REST_MIN = 2

_MOVING = tuple(state("motion.moving", "", on) for on in (False, True))
_FIX = tuple(state("position.fix", "", on) for on in (False, True))
_AT_REST = tuple(state("device.alarm", "man_down", on) for on in (False, True))
_BATTERY_LOW = tuple(state("device.battery.low", "", on) for on in (False, True))


def position(reader: BitReader, network_ns: int) -> Decoded:
    """Read the message of eleven bytes that every generation sends."""
    del network_ns
    reader.need(_LENGTH)
    latitude, longitude = reader.signed(32), reader.signed(32)
    moving, failed, heading = reader.flag(), reader.flag(), reader.take(6) * _HEADING_DEG
    speed, battery = reader.take(8), reader.take(8) * _BATTERY_MV
    readings = [_MOVING[moving], gauge("device.battery.voltage", "", battery / 1_000)]
    notices = _add_fix(readings, failed, Position(latitude, longitude), heading, speed)
    return Decoded((Snapshot(tuple(readings)),), {}, notices)


def yabby_position(reader: BitReader, network_ns: int) -> Decoded:
    """Read the message of the first Yabby."""
    del network_ns
    reader.need(_LENGTH)
    latitude, longitude = reader.signed(32), reader.signed(32)
    moving, failed, at_rest = reader.flag(), reader.flag(), reader.flag()
    reader.take(5)
    heading, speed = reader.take(3) * _SHORT_HEADING_DEG, reader.take(5) * _SHORT_SPEED_KMH
    battery = reader.take(8) * _BATTERY_MV
    readings = [_MOVING[moving], gauge("device.battery.voltage", "", battery / 1_000), _AT_REST[at_rest]]
    notices = _add_fix(readings, failed, Position(latitude, longitude), heading, speed)
    return Decoded((Snapshot(tuple(readings)),), {}, notices)


def short_position(reader: BitReader, network_ns: int) -> Decoded:
    """Read the message of nine bytes, which fits the smallest frames."""
    del network_ns
    reader.need(_SHORT_LENGTH)
    latitude, longitude = reader.signed(24) * _SHORT_STEP, reader.signed(24) * _SHORT_STEP
    heading, speed = reader.take(3) * _SHORT_HEADING_DEG, reader.take(5) * _SHORT_SPEED_KMH
    battery, moving, failed, at_rest = reader.take(8), reader.flag(), reader.flag(), reader.flag()
    battery_mv = wide_battery_mv(battery) if reader.flag() else battery * _BATTERY_MV
    critical = reader.take(2)
    reader.take(2)
    readings = [_MOVING[moving], gauge("device.battery.voltage", "", battery_mv / 1_000), _AT_REST[at_rest]]
    if critical:
        readings.append(_BATTERY_LOW[critical > 1])
    notices = _add_fix(readings, failed, Position(latitude, longitude), heading, speed)
    return Decoded((Snapshot(tuple(readings)),), {}, notices)


def dated_position(reader: BitReader, network_ns: int) -> Decoded:
    """Read the message that Oyster3 can send in place of the others: when, and how long at rest."""
    reader.need(_LENGTH)
    failed = reader.flag()
    latitude = _part_of(_HALF_TURN, reader.signed(_LATITUDE_BITS), _LATITUDE_BITS)
    longitude = _part_of(_TURN, reader.signed(_LONGITUDE_BITS), _LONGITUDE_BITS)
    moving, tick, critical, at_rest = reader.flag(), reader.take(7), reader.flag(), reader.flag()
    rest_min, battery_mv = reader.take(14) * _REST_MIN, wide_battery_mv(reader.take(8))
    heading, speed = reader.take(3) * _SHORT_HEADING_DEG, reader.take(5) * _SHORT_SPEED_KMH
    readings = [
        _MOVING[moving],
        gauge("device.battery.voltage", "", battery_mv / 1_000),
        _AT_REST[at_rest],
        _BATTERY_LOW[critical],
    ]
    notices = _add_fix(readings, failed, Position(latitude, longitude), heading, speed)
    instant = _instant(tick, network_ns)
    uncertainty = 0 if instant is None else _TICK_S * NS_PER_S // 2
    snapshot = Snapshot(tuple(readings), instant, uncertainty_ns=uncertainty)
    return Decoded((snapshot,), {}, (*notices, Notice("at_rest_for", f"{rest_min} min")))


def wide_battery_mv(code: int) -> int:
    """Return the voltage of the larger batteries."""
    return _LOWEST_WIDE_BATTERY_MV + code * _WIDE_BATTERY_MV


def _part_of(whole: int, count: int, bits: int) -> int:
    """Return ``count`` · ``whole`` / 2^``bits``, rounded once."""
    return (count * whole + (1 << (bits - 1))) >> bits


def _instant(tick: int, network_ns: int) -> int | None:
    """Return the last instant that ``tick`` may stand for; None: the clock is not set."""
    if tick == _NO_TIME:
        return None
    latest_s = network_ns // NS_PER_S + _LATEST_S
    seconds = latest_s - (latest_s - tick * _TICK_S) % (_TICKS * _TICK_S)
    return seconds * NS_PER_S if seconds >= 0 else None


def _add_fix(
    readings: list[Reading],
    failed: bool,  # noqa: FBT001  as the device says it
    place: Position,
    heading: float,
    speed: int,
) -> tuple[Notice, ...]:
    """Add where the tracker is; after a failed fix it repeats an old place of unknown time, which is none."""
    somewhere = bool(place.latitude or place.longitude)
    if failed or not somewhere:
        readings.append(_FIX[False])
        return (Notice("position_cached" if somewhere else "position_missing"),)
    readings += (
        _FIX[True],
        placed("", place),
        gauge("motion.speed", "", speed),
        gauge("motion.heading", "", heading),
    )
    return ()
