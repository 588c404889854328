"""Configuration: what the module is set to, reported on demand or after a change; and its requests for settings."""

from domain.decoding.byte_reader import ByteReader
from domain.decoding.codec import Decoded, Notice, Snapshot
from domain.decoding.codecs.nas_um30xx.serial import serial_text
from domain.decoding.refusals import malformed, unknown_packet
from domain.observation import Position, Reading, position, state

_GENERAL, _MBUS, _LOCATION = 0x12, 0x14, 0x21
_NAMES = {_GENERAL: "general", _MBUS: "mbus", _LOCATION: "location"}
_REQUEST_PORT, _PORT = 49, 50

_LORAWAN_PROFILES = {
    0x00: "disabled",
    0x01: "24_h_privacy",
    0x02: "24_h",
    0x03: "12_h",
    0x07: "1_h_static",
    0x08: "15_min_static",
    0x17: "1_h_dynamic",
    0x18: "15_min_dynamic",
}
_WMBUS_PROFILES = {0: "disabled", 1: "privacy", 2: "driveby", 3: "fixnet"}
_INPUT_MODES = {
    0: "disabled",
    1: "pulses",
    2: "L_water",
    3: "Wh_electricity",
    4: "L_gas",
    9: "triggers_1_sec",
    10: "triggers_10_sec",
    11: "triggers_1_min",
    12: "triggers_1_h",
}
_MOST_RECORDS = 10
_QUARTERS_OF_AN_HOUR = 4
_POLE, _ANTIMERIDIAN = 90 * 10**7, 180 * 10**7


def request(data: bytes) -> Decoded:
    """Return which settings the module asks for."""
    reader = ByteReader(data)
    kind = reader.u8()
    if kind not in _NAMES:
        raise unknown_packet(kind, _REQUEST_PORT)
    reader.end()
    return Decoded(notices=(Notice("configuration_requested", _NAMES[kind]),))


def configuration(data: bytes) -> Decoded:
    """Return the settings that the module reports."""
    reader = ByteReader(data)
    kind = reader.u8()
    if kind == _GENERAL:
        return _general(reader)
    if kind == _MBUS:
        return _mbus(reader)
    if kind == _LOCATION:
        return _location(reader)
    raise unknown_packet(kind, _PORT)


def _general(reader: ByteReader) -> Decoded:
    sent = reader.u8()
    attributes: dict[str, str] = {}
    readings: list[Reading] = []
    if sent & 0x01:
        attributes["config.lorawan_profile"] = _named(_LORAWAN_PROFILES, reader.u8())
    if sent & 0x02:
        attributes["config.wmbus_profile"] = _named(_WMBUS_PROFILES, reader.u8())
    for channel, bit in (("pulse1", 0x10), ("pulse2", 0x20)):
        if sent & bit:
            _read_pulse_input(reader, channel, attributes, readings)
    reader.end()
    return Decoded((Snapshot(tuple(readings)),) if readings else (), attributes)


def _read_pulse_input(reader: ByteReader, channel: str, attributes: dict[str, str], readings: list[Reading]) -> None:
    """Read how a pulse input counts: what a pulse is worth, and from where it counts on."""
    prefix = f"config.{channel}"
    attributes[f"{prefix}.mode"] = _named(_INPUT_MODES, reader.u8() & 0x0F)
    sent = reader.u8()
    unit = 10 ** (sent >> 6)
    if sent & 0x01:
        attributes[f"{prefix}.multiplier"] = f"{reader.u16()}/{reader.u8()}"
    if sent & 0x02:
        attributes[f"{prefix}.accumulated_absolute"] = str(reader.u32() * unit)
    if sent & 0x04:
        attributes[f"{prefix}.accumulated_offset"] = str(reader.i32() * unit)
    if sent & 0x08:
        serial = serial_text(reader.u32())
        if serial:
            readings.append(state("meter.identity", channel, serial))


def _mbus(reader: ByteReader) -> Decoded:
    counts = reader.u8()
    in_usage, in_status = counts & 0x0F, counts >> 4
    if max(in_usage, in_status) > _MOST_RECORDS:
        raise malformed(f"{in_usage} and {in_status} data records are more than {_MOST_RECORDS}")
    return Decoded(
        attributes={
            "config.mbus.usage_records": str(in_usage),
            "config.mbus.status_records": str(in_status),
            "config.mbus.record_headers": reader.rest().hex().upper(),
        }
    )


def _location(reader: ByteReader) -> Decoded:
    sent = reader.u8()
    attributes: dict[str, str] = {}
    snapshots: tuple[Snapshot, ...] = ()
    notices: tuple[Notice, ...] = ()
    if sent & 0x01:
        snapshots, notices = _place(reader.i32(), reader.i32())
    if sent & 0x02:
        attributes["config.time_zone_h"] = f"{reader.i8() / _QUARTERS_OF_AN_HOUR:g}"
    for bit, name in ((0x04, "address"), (0x08, "customer_id"), (0x10, "location_id")):
        if sent & bit:
            attributes[f"config.{name}"] = reader.text()
    reader.end()
    return Decoded(snapshots, attributes, notices)


def _place(latitude: int, longitude: int) -> tuple[tuple[Snapshot, ...], tuple[Notice, ...]]:
    """Return the place somebody has set; 0/0 and what is not on earth are none."""
    if abs(latitude) > _POLE or abs(longitude) > _ANTIMERIDIAN or not (latitude or longitude):
        return (), (Notice("position_implausible", f"{latitude}e-7 {longitude}e-7"),)
    return (Snapshot((position("", Position(latitude, longitude, "configured")),)),), ()


def _named(names: dict[int, str], code: int) -> str:
    return names.get(code, f"0x{code:02x}")
