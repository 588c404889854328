"""Digital Matter Oyster, Oyster3 and Yabby3: trackers of bicycles, trailers, containers.

Sources: the device repository of The Things Network (vendor/digital-matter/oyster.js) and ChirpStack's device profiles
(vendors/digital-matter/codecs/digital-matter-oyster3-yabby3.js), which agree. Numbers are little-endian. Bytes behind
those that are known are noted and not refused: firmware may add to a message.

Not for the first Yabby, whose position message has other bits, nor for the Yabby Edge, which has no GNSS of its own.
"""

from struct import Struct

from domain.decoding.byte_reader import ByteReader
from domain.decoding.codec import Context, Decoded, Notice, Payload, Snapshot
from domain.decoding.refusals import unknown_f_port
from domain.observation import Position, Reading, gauge, position, register, state

_POSITION_PORT, _ACKNOWLEDGEMENT_PORT, _STATISTICS_PORT, _SHORT_POSITION_PORT = 1, 2, 3, 4
_POSITION = Struct("<iiBBB")
"""Latitude and longitude (10^-7 deg); flags and heading; speed (km/h); battery."""
_SHORT_STEP = 256
"""The short position counts 256 · 10^-7 deg, 2.8 m."""
_IN_TRIP, _FIX_FAILED, _MAN_DOWN = 0x01, 0x02, 0x04
_HEADING_DEG = 360 / 64
_SHORT_HEADING_DEG, _SHORT_SPEED_KMH = 360 / 8, 5
_BATTERY_MV = 25
_SPEED_SHIFT, _HEADING_SHIFT = 3, 2
_COUNTED_BY = 32
"""Statistics count in steps of 32."""
_SECONDS_OF_A_WEEK = 7 * 86_400

_MOVING = tuple(state("motion.moving", "", on) for on in (False, True))
_FIX = tuple(state("position.fix", "", on) for on in (False, True))
_MAN_IS_DOWN = tuple(state("device.alarm", "man_down", on) for on in (False, True))


def decode(payload: Payload, context: Context) -> Decoded:
    """Return what ``payload`` means; the tracker sends nothing in pieces, so that ``context`` stays empty.

    Raises:
        Undecodable: the port is not the tracker's, or the payload is too short for it.
    """
    del context
    f_port, reader = payload.f_port, ByteReader(payload.data)
    if f_port == _POSITION_PORT:
        return _position(reader)
    if f_port == _SHORT_POSITION_PORT:
        return _short_position(reader)
    if f_port == _STATISTICS_PORT:
        return _statistics(reader)
    if f_port == _ACKNOWLEDGEMENT_PORT:
        return _acknowledgement(reader)
    raise unknown_f_port(f_port)


def _position(reader: ByteReader) -> Decoded:
    latitude, longitude, flags, speed, battery = reader.integers(_POSITION)
    heading = (flags >> _HEADING_SHIFT) * _HEADING_DEG
    readings = [_MOVING[flags & _IN_TRIP], gauge("device.battery.voltage", "", battery * _BATTERY_MV / 1_000)]
    notices = _add_fix(readings, bool(flags & _FIX_FAILED), latitude, longitude, heading, speed)
    return Decoded((Snapshot(tuple(readings)),), {}, (*notices, *_unread(reader)))


def _short_position(reader: ByteReader) -> Decoded:
    """Read the message of nine bytes, which fits the smallest frames and also tells a fallen person."""
    latitude, longitude = _i24(reader) * _SHORT_STEP, _i24(reader) * _SHORT_STEP
    motion, battery, flags = reader.u8(), reader.u8(), reader.u8()
    heading, speed = (motion & 0x07) * _SHORT_HEADING_DEG, (motion >> _SPEED_SHIFT) * _SHORT_SPEED_KMH
    readings = [
        _MOVING[flags & _IN_TRIP],
        gauge("device.battery.voltage", "", battery * _BATTERY_MV / 1_000),
        _MAN_IS_DOWN[bool(flags & _MAN_DOWN)],
    ]
    notices = _add_fix(readings, bool(flags & _FIX_FAILED), latitude, longitude, heading, speed)
    return Decoded((Snapshot(tuple(readings)),), {}, (*notices, *_unread(reader)))


def _add_fix(
    readings: list[Reading],
    failed: bool,  # noqa: FBT001  as the device says it
    latitude: int,
    longitude: int,
    heading: float,
    speed: int,
) -> list[Notice]:
    """Add where the tracker is; after a failed fix it repeats an old place of unknown time, which is none."""
    if failed or not (latitude or longitude):
        readings.append(_FIX[False])
        return [Notice("position_cached" if latitude or longitude else "position_missing")]
    readings += (
        _FIX[True],
        position("", Position(latitude, longitude)),
        gauge("motion.speed", "", speed),
        gauge("motion.heading", "", heading),
    )
    return []


def _acknowledgement(reader: ByteReader) -> Decoded:
    sequence, major, minor = reader.u8(), reader.u8(), reader.u8()
    notice = Notice("downlink_accepted" if sequence & 0x80 else "downlink_refused", f"sequence {sequence & 0x7F}")
    return Decoded((), {"firmware": f"{major}.{minor}"}, (notice, *_unread(reader)))


def _statistics(reader: ByteReader) -> Decoded:
    """Read the counters since the battery was changed: one number of 88 bits, its parts from the lowest up."""
    take = _Bits(int.from_bytes(reader.take(11), "little")).take
    initial = take(4)
    sent, trips, fixed, failed = take(11), take(13), take(10), take(8)
    fix_s, fail_s, freshen_s, wakeups, weeks = take(9), take(9), take(8), take(7), take(9)
    readings = (
        register("device.message_count", "up", sent * _COUNTED_BY),
        register("device.activity_count", "trips", trips * _COUNTED_BY),
        register("device.activity_count", "fix_ok", fixed * _COUNTED_BY),
        register("device.activity_count", "fix_failed", failed * _COUNTED_BY),
        register("device.uptime", "", weeks * _SECONDS_OF_A_WEEK),
    )
    attributes = {
        "statistics.initial_battery_v": f"{4 + initial / 10:g}",
        "statistics.average_fix_s": str(fix_s),
        "statistics.average_failed_fix_s": str(fail_s),
        "statistics.average_freshen_s": str(freshen_s),
        "statistics.wakeups_per_trip": str(wakeups),
    }
    return Decoded((Snapshot(readings),), attributes, _unread(reader))


class _Bits:
    """A number read from its lowest bit up."""

    def __init__(self, number: int) -> None:
        self._number = number

    def take(self, count: int) -> int:
        """Return the next ``count`` bits."""
        taken = self._number & ((1 << count) - 1)
        self._number >>= count
        return taken


def _i24(reader: ByteReader) -> int:
    return int.from_bytes(reader.take(3), "little", signed=True)


def _unread(reader: ByteReader) -> tuple[Notice, ...]:
    return (Notice("bytes_unread", reader.rest().hex()),) if reader.left else ()
