"""The M-Bus interface: a wired meter behind the module."""

from domain.decoding.byte_reader import ByteReader
from domain.decoding.codec import Notice, Snapshot
from domain.decoding.codecs.nas_um30xx.serial import serial_text
from domain.decoding.mbus import data_records, manufacturer, medium_name, meter_readings
from domain.observation import Reading, gauge, state
from domain.rfc3339 import NS_PER_S

_STATUS_MASK, _TRUNCATED, _STATE_AND_SERIAL, _EXTENSION = 0x0F, 0x10, 0x20, 0x40
_ANSWERED = 0
_BUS_STATUS = {
    1: "nothing_requested",
    2: "bus_unpowered",
    3: "no_response",
    5: "crc_or_length_error",
    6: "parse_error",
    7: "bus_shorted",
}
_CONNECTED = {
    code: state("meter.connected", "mbus", is_there)
    for code, is_there in ((0, True), (2, False), (3, False), (5, True), (6, True), (7, False))
}
"""By bus status; a meter that answers unreadably is there, one that was not asked is not known."""


def read_mbus(
    reader: ByteReader, meters: list[Reading], module: list[Reading], attributes: dict[str, str]
) -> tuple[Snapshot | None, list[Notice]]:
    """Add what the interface says; return the meter's values if they state their own age, and what is no reading."""
    head = reader.u8()
    notices: list[Notice] = []
    _add_bus_status(head & _STATUS_MASK, meters, notices)
    medium = None
    if head & _STATE_AND_SERIAL:
        add_status_word(reader.u8(), meters)
        add_identity(reader.u32(), meters)
    if head & _EXTENSION:
        medium = add_make(reader, attributes)
    if head & _TRUNCATED:
        notices.append(Notice("mbus_records_truncated"))
    return _read_records(reader.rest(), medium, meters, module, notices), notices


def add_status_word(word: int, readings: list[Reading]) -> None:
    """Add the status byte of the meter's answer (EN 13757-7, status field)."""
    readings.append(state("device.status_word", "mbus", word))


def add_identity(number: int, readings: list[Reading]) -> None:
    """Add the meter's serial number, if it is known."""
    serial = serial_text(number)
    if serial:
        readings.append(state("meter.identity", "mbus", serial))


def add_make(reader: ByteReader, attributes: dict[str, str]) -> int:
    """Add maker, version and medium of the meter; return the medium's code (EN 13757-7, device types)."""
    maker, version, medium = reader.u16(), reader.u8(), reader.u8()
    attributes["meter.manufacturer"] = manufacturer(maker)
    attributes["meter.version"] = str(version)
    attributes["meter.medium"] = medium_name(medium)
    return medium


def _add_bus_status(code: int, readings: list[Reading], notices: list[Notice]) -> None:
    connected = _CONNECTED.get(code)
    if connected is not None:
        readings.append(connected)
    if code != _ANSWERED:
        notices.append(Notice("mbus_bus_status", _BUS_STATUS.get(code, f"0x{code:x}")))


def _read_records(
    data: bytes, medium: int | None, meters: list[Reading], module: list[Reading], notices: list[Notice]
) -> Snapshot | None:
    """Add the meter's values; they are as old as the meter says, else as the frame says."""
    if not data:
        return None
    records, rest = data_records(data)
    readings, age_s, unknown = meter_readings(records, medium)
    fresh, contradicted = _beside(readings, meters) if readings else ((), False)
    if unknown or rest or contradicted:
        notices.append(Notice("mbus_records_raw", data.hex()))
    if age_s is None:
        meters += fresh
        return None
    module.append(gauge("meter.reading_age", "mbus", age_s))
    return Snapshot(fresh, None, age_s * NS_PER_S) if fresh else None


def _beside(readings: list[Reading], header: list[Reading]) -> tuple[tuple[Reading, ...], bool]:
    """Return the readings that the header of the frame does not give, and whether one contradicts it."""
    known = {(reading.measurand, reading.channel): reading for reading in header}
    fresh = tuple(reading for reading in readings if (reading.measurand, reading.channel) not in known)
    return fresh, any(known.get((reading.measurand, reading.channel), reading) != reading for reading in readings)
