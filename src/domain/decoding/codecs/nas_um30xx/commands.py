"""Commands and their answers: local time, the records a wired meter offers, firmware update."""

from domain.decoding.byte_reader import ByteReader
from domain.decoding.codec import Decoded, Notice, Snapshot
from domain.decoding.codecs.nas_um30xx.mbus_interface import add_identity, add_make, add_status_word
from domain.decoding.refusals import unknown_packet
from domain.observation import Reading
from domain.rfc3339 import NS_PER_S, format_rfc3339

_PORT, _RECORDS_PORT = 60, 61
_LOCAL_TIME, _RECORDS, _FIRMWARE_UPDATE = 0x03, 0x81, 0xFF
_EARLIEST_S = 1_577_836_800
"""2020-01-01: the module's clock was never set if it says less."""
_MORE, _HEADER = 0x08, 0x40


def command(data: bytes) -> Decoded:
    """Return what the module asks for, or its local time."""
    reader = ByteReader(data)
    kind = reader.u8()
    if kind == _LOCAL_TIME and len(data) > 1:
        return _local_time(reader)
    notice = _REQUESTS.get(kind)
    if notice is None:
        raise unknown_packet(kind, _PORT)
    reader.end()
    return Decoded(notices=(notice,))


_REQUESTS = {
    _LOCAL_TIME: Notice("local_time_requested"),
    _RECORDS: Notice("mbus_records_requested"),
    _FIRMWARE_UPDATE: Notice("firmware_update_entered"),
}


def _local_time(reader: ByteReader) -> Decoded:
    """Read the module's clock: local time, whose zone the frame does not tell, so it dates no reading."""
    seconds = reader.u32()
    reader.end()
    if seconds < _EARLIEST_S:
        return Decoded(notices=(Notice("local_time_invalid", str(seconds)),))
    text = format_rfc3339(seconds * NS_PER_S).removesuffix("Z")
    return Decoded(notices=(Notice("local_time", text),))


def available_records(data: bytes) -> Decoded:
    """Return who the wired meter is and the headers of the records it offers."""
    reader = ByteReader(data)
    kind = reader.u8()
    if kind != _RECORDS:
        raise unknown_packet(kind, _RECORDS_PORT)
    flags = reader.u8()
    readings: list[Reading] = []
    attributes: dict[str, str] = {}
    if flags & _HEADER:
        _read_header(reader, readings, attributes)
    more = ", more follow" if flags & _MORE else ""
    notice = Notice("mbus_records_available", f"packet {flags & 7}{more}: {reader.rest().hex().upper()}")
    return Decoded((Snapshot(tuple(readings)),) if readings else (), attributes, (notice,))


def _read_header(reader: ByteReader, readings: list[Reading], attributes: dict[str, str]) -> None:
    """Read the long header of the meter's answer (EN 13757-7)."""
    add_identity(reader.u32(), readings)
    add_make(reader, attributes)
    attributes["meter.access_number"] = str(reader.u8())
    add_status_word(reader.u8(), readings)
    attributes["meter.signature"] = reader.take(2).hex().upper()
