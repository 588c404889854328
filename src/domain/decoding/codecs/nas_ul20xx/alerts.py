"""Alerts and notifications (port 61): inputs, drivers, the controller's meter, its place.

The second byte of a packet has a length in its upper half, or flags in its lower.
"""

from math import isfinite
from struct import Struct

from domain.decoding.byte_reader import ByteReader
from domain.decoding.codec import Decoded, Notice, Snapshot
from domain.decoding.codecs.nas_ul20xx.clock import clock_ns
from domain.decoding.codecs.nas_ul20xx.driver_status import driver_statuses
from domain.decoding.codecs.nas_ul20xx.places import placed
from domain.decoding.refusals import malformed
from domain.observation import Reading, gauge, register, state

_SHORT_COUNTER, _LONG_COUNTER = 2, 4
_LAMP, _OVER_CURRENT, _UNDER_VOLTAGE, _OVER_VOLTAGE, _LOW_POWER_FACTOR = 0x01, 0x02, 0x04, 0x08, 0x10
_METER = Struct("<HHB")
"""Power (W), voltage (V), power factor (hundredths)."""
_UNKNOWN_POWER_FACTOR = 0xFF
_VOLTAGES = {0: "ok", _UNDER_VOLTAGE: "under", _OVER_VOLTAGE: "over", _UNDER_VOLTAGE | _OVER_VOLTAGE: "outside"}
_GOOD_FIX, _NO_FIX = 0x00, 0x01
_RECEIVER_ERRORS = frozenset((0x02, 0xFF))
_DEGREE = 10**7
"""Steps of a position in a degree."""


def digital_input(reader: ByteReader) -> Decoded:
    """Read how often the digital input was active; a longer packet says whether it is."""
    head = reader.u8()
    length = head >> 4
    if length == _SHORT_COUNTER:
        return _said([register("device.activity_count", "dig", reader.u16())])
    if length == _LONG_COUNTER:
        return _said(
            [state("device.switch", "dig", bool(head & 1)), register("device.activity_count", "dig", reader.u32())]
        )
    raise malformed(f"a digital input has no counter of {length} bytes")


def light_input(reader: ByteReader) -> Decoded:
    """Read the light sensor: whether it is dark enough, and its value."""
    length = reader.u8() >> 4
    if length != _SHORT_COUNTER:
        raise malformed(f"a light sensor does not say {length} bytes")
    dark = bool(reader.u8() & 1)
    return _said([state("device.switch", "ldr", dark), gauge("lamp.ambient_light.raw", "", reader.u8())])


def driver_alert(reader: ByteReader) -> Decoded:
    """Read how the drivers are of which one has changed."""
    reader.u8()
    readings, notices = driver_statuses(reader)
    return _said(readings, notices or ([] if readings else [Notice("driver_status", "no drivers")]))


def metering_alert(reader: ByteReader) -> Decoded:
    """Read what the controller's meter finds wrong at this moment, and what it measures."""
    flags = reader.u8()
    power, voltage, power_factor = reader.integers(_METER)
    readings = [
        state("lamp.fault", "lamp", bool(flags & _LAMP)),
        state("electricity.alarm", "current", "over" if flags & _OVER_CURRENT else "ok"),
        state("electricity.alarm", "voltage", _VOLTAGES[flags & (_UNDER_VOLTAGE | _OVER_VOLTAGE)]),
        state("electricity.alarm", "power_factor", "under" if flags & _LOW_POWER_FACTOR else "ok"),
        gauge("electricity.power.active", "internal", power),
        gauge("electricity.voltage", "internal", voltage),
    ]
    if power_factor != _UNKNOWN_POWER_FACTOR:
        readings.append(gauge("electricity.power_factor", "internal", power_factor / 100))
    return _said(readings)


def light_step(reader: ByteReader) -> Decoded:
    """Read which step of dimming by light is active."""
    return Decoded(notices=(Notice("light_step_active", str(reader.u8())),))


def location(reader: ByteReader) -> Decoded:
    """Read where the controller's receiver has found itself, and when; without a time it is no position."""
    status = reader.u8()
    if status == _NO_FIX:
        return _said([state("position.fix", "", False)])  # noqa: FBT003  a state's value, no switch
    if status != _GOOD_FIX:
        cause = "internal_error" if status in _RECEIVER_ERRORS else f"0x{status:02x}"
        return Decoded(notices=(Notice("position_missing", cause),))
    latitude, longitude, fixed_s = reader.f32(), reader.f32(), reader.u32()
    instant = clock_ns(fixed_s)
    if instant is None or not (isfinite(latitude) and isfinite(longitude)):
        return Decoded(notices=(Notice("position_implausible", f"{latitude} {longitude} of {fixed_s} s"),))
    readings, notices = placed(round(latitude * _DEGREE), round(longitude * _DEGREE), "gnss")
    return Decoded((Snapshot(tuple(readings), instant),) if readings else (), {}, tuple(notices))


def _said(readings: list[Reading], notices: list[Notice] | None = None) -> Decoded:
    return Decoded((Snapshot(tuple(readings)),) if readings else (), {}, tuple(notices or ()))
