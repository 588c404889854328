"""Dingtek DO200: parking sensor with ultrasonic and magnetic detection.

Sources: the device repository of The Things Network (vendor/dingtek/do200.js); the vendor's downlink encoder there for
the units of the settings. Numbers are big-endian. Frames begin with 0x80, state their length and end with 0x81.
"""

from struct import Struct

from domain.decoding.codec import Context, Decoded, Notice, Payload, Snapshot
from domain.decoding.refusals import malformed, too_short, unknown_f_port
from domain.observation import gauge, register, state

_PORT = 3
_BEGIN, _END = 0x80, 0x81
_LENGTH_AT = 4
_SHORTEST = 6
_PARAMETERS = 0x03

_TELEMETRY = Struct(">5xHBBHhhhHxx")
"""Level, two bytes of two flags each, battery (10 mV), magnetic field on three axes, frame counter."""
_SETTINGS = Struct(">5xBBBBB2xHxxx")
"""Firmware, three intervals, magnetic threshold; what the bytes between are is not published."""


def decode(payload: Payload, context: Context) -> Decoded:
    """Return what ``payload`` means; the sensor sends nothing in pieces, so that ``context`` stays empty.

    Raises:
        Undecodable: the port is not the sensor's, or the bytes are no frame of it.
    """
    del context
    if payload.f_port != _PORT:
        raise unknown_f_port(payload.f_port)
    data = payload.data
    length = _checked_length(data)
    if length == _TELEMETRY.size:
        return _telemetry(data)
    if length == _SETTINGS.size and data[3] == _PARAMETERS:
        return _settings(data)
    raise malformed(f"a frame of type {data[3]} with {length} bytes is unknown")


def _checked_length(data: bytes) -> int:
    """Return the frame's length, which it states itself."""
    length = len(data)
    if length < _SHORTEST:
        raise too_short(length, _SHORTEST)
    if data[0] != _BEGIN or data[-1] != _END or data[_LENGTH_AT] != length:
        raise malformed(f"{length} bytes are not framed as a frame of {data[_LENGTH_AT]}")
    return length


def _telemetry(data: bytes) -> Decoded:
    """Read the spot, its alarms and what was measured; level and field have no unit, and stay raw."""
    level, spot, device, battery, x, y, z, counter = _TELEMETRY.unpack(data)
    readings = (
        state("parking.occupied", "", spot > 0x0F),  # noqa: PLR2004  the upper four bits
        state("device.alarm", "level", bool(spot & 0x0F)),
        state("device.alarm", "magnetic", device > 0x0F),  # noqa: PLR2004  likewise
        state("device.battery.low", "", bool(device & 0x0F)),
        gauge("device.battery.voltage", "", battery / 100),
        register("device.message_count", "up", counter),
    )
    return Decoded((Snapshot(readings),), {}, (Notice("sensor_raw", f"level {level}, magnetic field {x} {y} {z}"),))


def _settings(data: bytes) -> Decoded:
    major, minor, upload_h, ultrasonic_min, magnetic_s, threshold = _SETTINGS.unpack(data)
    return Decoded(
        attributes={
            "firmware": f"{major}.{minor}",
            "config.upload_interval_h": str(upload_h),
            "config.ultrasonic_interval_min": str(ultrasonic_min),
            "config.magnetic_interval_s": str(magnetic_s),
            "config.magnetic_threshold_mgauss": str(threshold),
        }
    )
