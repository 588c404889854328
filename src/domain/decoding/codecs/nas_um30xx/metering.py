"""Usage and status: what the meters show, and every now and then how the module is.

What a frame says of the module and its radio is true when it is sent. What it says of the meters is as old as the
frame states; the module is silent about anything finer.
"""

from collections.abc import Sequence
from struct import Struct

from domain.decoding.byte_reader import ByteReader
from domain.decoding.codec import Decoded, Notice, Snapshot
from domain.decoding.codecs.nas_um30xx.mbus_interface import read_mbus
from domain.decoding.codecs.nas_um30xx.pulse_input import read_pulse_input
from domain.decoding.codecs.nas_um30xx.sensor_interface import read_sensors
from domain.decoding.refusals import unknown_packet
from domain.observation import Reading, gauge, state
from domain.rfc3339 import NS_PER_S

USAGE = 0x02
STATUS = 0x82
_USAGE_PORT, _STATUS_PORT = 25, 24

_TRIGGER_1 = tuple(state("device.alarm", "trigger1", on) for on in (False, True))
_TRIGGER_2 = tuple(state("device.alarm", "trigger2", on) for on in (False, True))
_BATTERY_LOW = tuple(state("device.battery.low", "", on) for on in (False, True))
_CONNECTED = tuple({"config.app_connected_within_a_day": text} for text in ("false", "true"))

_STATUS_FORM = Struct("<BBbBBB")
"""Battery left (months) and voltage, temperature now and extremes, RSSI of the last downlink, SNR and power."""

_PULSE_1, _PULSE_2 = 0x01, 0x02
_INTERFACE_MASK, _SENSORS, _MBUS = 0x3C, 0x10, 0x20
"""Bits 2 to 5: the module's one main interface."""

_MINUTE, _QUARTER, _DAY, _WEEK, _YEAR = 60, 15 * 60, 86_400, 7 * 86_400, 365 * 86_400
_AGE_STEPS = ((59, 0, _MINUTE), (155, 60, _QUARTER), (199, 156, _DAY), (252, 200, _WEEK))
"""Last code of a kind of step, the code that would be age zero, and the step."""
_YEAR_CODE = 253


def usage(data: bytes) -> Decoded:
    """Return what a usage packet says."""
    return _packet(data, USAGE, _USAGE_PORT)


def status(data: bytes) -> Decoded:
    """Return what a status packet says."""
    return _packet(data, STATUS, _STATUS_PORT)


def _packet(data: bytes, expected: int, f_port: int) -> Decoded:
    reader = ByteReader(data)
    kind = reader.u8()
    if kind != expected:
        raise unknown_packet(kind, f_port)
    return metering(reader, [], has_status=kind == STATUS)


def metering(reader: ByteReader, module: list[Reading], *, has_status: bool) -> Decoded:
    """Return what is behind the packet type of a usage or status packet.

    Args:
        reader: stands behind the packet type.
        module: readings of the module that come with it.
        has_status: whether the module speaks of itself.
    """
    flags = reader.u8()
    module += (_TRIGGER_1[flags & 1], _TRIGGER_2[flags >> 1 & 1], _BATTERY_LOW[flags >> 6 & 1])
    if has_status:
        _read_status(reader, module)
    code = reader.u8()
    age_s = reading_age_s(code)
    if age_s is not None:
        module.append(gauge("meter.reading_age", "", age_s))
    meters: list[Reading] = []
    attributes = dict(_CONNECTED[flags >> 7])
    dated, notices = _read_interfaces(reader, meters, module, attributes)
    reader.end()
    aged = Snapshot(tuple(meters), None, age_s * NS_PER_S, age_step_s(code) * NS_PER_S) if age_s and meters else None
    found = _snapshots(module, () if age_s else meters, (aged, dated))
    return Decoded(found, attributes, tuple(notices))


def _read_interfaces(
    reader: ByteReader, meters: list[Reading], module: list[Reading], attributes: dict[str, str]
) -> tuple[Snapshot | None, list[Notice]]:
    """Read the meters' values; return those with an age of their own."""
    interfaces = reader.u8()
    if interfaces & _PULSE_1:
        read_pulse_input(reader, "pulse1", meters)
    if interfaces & _PULSE_2:
        read_pulse_input(reader, "pulse2", meters)
    main = interfaces & _INTERFACE_MASK
    if main == _MBUS:
        return read_mbus(reader, meters, module, attributes)
    if main == _SENSORS:
        return None, read_sensors(reader, meters)
    if main:
        return None, [Notice("interface_unknown", f"0x{main >> 2:x}: {reader.rest().hex()}")]
    return None, []


def _snapshots(
    module: Sequence[Reading], fresh: Sequence[Reading], older: Sequence[Snapshot | None]
) -> tuple[Snapshot, ...]:
    """Return what the module says of now, itself and meters read just now, and what is older."""
    return (Snapshot((*module, *fresh)), *(each for each in older if each is not None))


def _read_status(reader: ByteReader, module: list[Reading]) -> None:
    """Read battery, temperature and radio."""
    months, battery, temperature, extremes, rssi, radio = reader.integers(_STATUS_FORM)
    module += (
        gauge("device.battery.remaining", "", months / 12),
        gauge("device.battery.voltage", "", (150 + battery) / 100),
        gauge("device.temperature", "", temperature),
        gauge("device.temperature", "min", temperature - 2 * (extremes & 0x0F)),
        gauge("device.temperature", "max", temperature + 2 * (extremes >> 4)),
        gauge("radio.downlink.rssi", "", -rssi),
        gauge("radio.downlink.snr", "", 2 * (radio & 0x0F) - 20),
        gauge("radio.tx_power", "", 2 * (radio >> 4)),
    )


def reading_age_s(code: int) -> int | None:
    """Return the seconds that the one-byte ``code`` stands for: finer when young; None: the module does not know."""
    if code > _YEAR_CODE:
        return None
    first, step_s = _age_steps(code)
    return (code - first) * step_s


def age_step_s(code: int) -> int:
    """Return the seconds to the next ``code``: an age may be greater by less than that."""
    return _age_steps(code)[1]


def _age_steps(code: int) -> tuple[int, int]:
    """Return the code of age zero and the seconds of a step, where ``code`` is."""
    for last, first, step_s in _AGE_STEPS:
        if code <= last:
            return first, step_s
    return _YEAR_CODE - 1, _YEAR
