"""Usage and status: what the meters show, and every now and then how the module is.

What a frame says of the module and its radio is true when it is sent. What it says of the meters is as old as the
frame states; the module is silent about anything finer.
"""

from struct import Struct

from domain.decoding.byte_reader import ByteReader
from domain.decoding.codec import Decoded, Notice, Snapshot
from domain.decoding.codecs.nas_um30xx.mbus_interface import read_mbus
from domain.decoding.codecs.nas_um30xx.pulse_input import read_pulse_input
from domain.decoding.codecs.nas_um30xx.reading_age import ReadingAge, reading_age
from domain.decoding.codecs.nas_um30xx.sensor_interface import read_sensors
from domain.decoding.refusals import unknown_packet
from domain.observation import Reading, gauge, state

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
    age = reading_age(reader.u8())
    if age is not None:
        module.append(age.reading)
    meters: list[Reading] = []
    attributes = dict(_CONNECTED[flags >> 7])
    dated, notices = _read_interfaces(reader, meters, module, attributes)
    reader.end()
    return Decoded(_snapshots(module, meters, age, dated), attributes, tuple(notices))


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
    module: list[Reading], meters: list[Reading], age: ReadingAge | None, dated: Snapshot | None
) -> tuple[Snapshot, ...]:
    """Return what the module says of now, and what the meters showed then."""
    if age is None or not age.seconds:
        now = Snapshot((*module, *meters))
        return (now,) if dated is None else (now, dated)
    found = [Snapshot(tuple(module))]
    if meters:
        found.append(Snapshot(tuple(meters), None, age.age_ns, age.uncertainty_ns))
    if dated is not None:
        found.append(dated)
    return tuple(found)


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
