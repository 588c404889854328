"""Answers to commands (port 60): dimming, drivers, DALI queries, interfaces, and reports on request."""

from struct import Struct

from domain.decoding.byte_reader import ByteReader
from domain.decoding.codec import Decoded, Notice, Snapshot
from domain.decoding.codecs.nas_ul20xx.addresses import COMMANDED, address_text, invalid_address, repeated_address
from domain.decoding.codecs.nas_ul20xx.driver_status import driver_statuses
from domain.decoding.refusals import malformed
from domain.observation import Reading, gauge, state

_RESUME = 0xFF
"""Level: back to what the profiles say."""
_INTERFACES = Struct("<BBBBBBBB")
"""Four pairs of which interface and its value."""
_INTERFACE_ORDER = (1, 2, 3, 4)
_ON_OR_OFF = {0: False, 1: True}
_NOT_AVAILABLE = 0xFF
_RELAY, _OPEN_DRAIN = 0x01, 0x02
_REQUESTS_1_0 = ((0x01, "usage"), (0x02, "status"))
_REQUESTS_1_1 = (*_REQUESTS_1_0, (0x04, "dim_map"), (0x08, "location"))
_DIM_MAP = 0x04


def driver_status_answer(reader: ByteReader) -> Decoded:
    """Read how the drivers are; with one address only it is the request, heard on the way to the controller."""
    if reader.left == 1:
        return Decoded(notices=(Notice("driver_status_requested", address_text(reader.u8())),))
    readings, notices = driver_statuses(reader)
    return _said(readings, notices or ([] if readings else [Notice("driver_status", "no drivers")]))


def manual_dimming(reader: ByteReader) -> Decoded:
    """Read the levels that were commanded, and are kept until profiles resume."""
    return _dimming(reader, timed=False)


def timed_dimming(reader: ByteReader) -> Decoded:
    """Read the levels that were commanded for some minutes."""
    return _dimming(reader, timed=True)


def _dimming(reader: ByteReader, *, timed: bool) -> Decoded:
    readings: list[Reading] = []
    notices: list[Notice] = []
    seen: set[str] = set()
    while reader.left:
        address, level = reader.u8(), reader.u8()
        minutes = f" for {reader.u8()} min" if timed else ""
        channel = COMMANDED[address]
        name = channel or "all_devices"
        if channel is None:
            notices.append(invalid_address(address, f"level {level} %"))
        elif channel in seen:
            notices.append(repeated_address(channel, f"level {level} %"))
        elif level == _RESUME:
            notices.append(Notice("dimming_resumed", f"{name}{minutes}"))
        else:
            readings.append(gauge("lamp.dim_level.commanded", channel, level))
            if timed:
                notices.append(Notice("dimming_timed", f"{name}{minutes}"))
        seen.add(channel or "")
    return _said(readings, notices)


def dali_query(reader: ByteReader) -> Decoded:
    """Read queries put to drivers, each with its answer if there was one: kept as bytes."""
    return _raw("dali_query", reader)


def dali_command(reader: ByteReader) -> Decoded:
    """Read commands that were put to drivers: kept as bytes."""
    return _raw("dali_command", reader)


def _raw(code: str, reader: ByteReader) -> Decoded:
    return Decoded(notices=(Notice(code, reader.rest().hex().upper()),))


def report_request(reader: ByteReader) -> Decoded:
    """Read which reports were requested of firmware 1.0."""
    return Decoded(notices=(_requested(reader.u8(), _REQUESTS_1_0),))


def report_request_1_1(reader: ByteReader) -> Decoded:
    """Read which reports were requested of firmware 1.1, and with it how drivers map levels."""
    bits = reader.u8()
    attributes: dict[str, str] = {}
    while bits & _DIM_MAP and reader.left:
        prefix = f"config.dim_map.{address_text(reader.u8())}"
        attributes[f"{prefix}.min_level"] = str(reader.u8())
        attributes[f"{prefix}.max_level"] = str(reader.u8())
        attributes[f"{prefix}.curve"] = "linear" if reader.u8() else "logarithmic"
    return Decoded((), attributes, (_requested(bits, _REQUESTS_1_1),))


def _requested(bits: int, names: tuple[tuple[int, str], ...]) -> Notice:
    return Notice("report_requested", ", ".join(name for bit, name in names if bits & bit))


def interfaces(reader: ByteReader) -> Decoded:
    """Read the inputs and outputs, one after the other; a single byte is the request."""
    if reader.left == 1:
        reader.u8()
        return Decoded(notices=(Notice("interfaces_requested"),))
    said = reader.integers(_INTERFACES)
    if said[::2] != _INTERFACE_ORDER:
        raise malformed("interfaces are not those of a controller")
    dig, ldr, _, outputs = said[1::2]
    readings = [
        state("device.switch", "relay", bool(outputs & _RELAY)),
        state("device.switch", "open_drain", bool(outputs & _OPEN_DRAIN)),
    ]
    if dig in _ON_OR_OFF:
        readings.append(state("device.switch", "dig", _ON_OR_OFF[dig]))
    if ldr != _NOT_AVAILABLE:
        readings.append(gauge("lamp.ambient_light.raw", "", ldr))
    return _said(readings, [])


def memory_read(reader: ByteReader) -> Decoded:
    """Read what stands in a driver's memory, the request for it, or that it could not be read."""
    if not reader.left:
        return Decoded(notices=(Notice("driver_memory_read_failed"),))
    place, size = _memory_place(reader), reader.u8()
    if not reader.left:
        return Decoded(notices=(Notice("driver_memory_requested", f"{place}, {size} bytes"),))
    return Decoded(notices=(Notice("driver_memory_read", f"{place}: {reader.take(size).hex().upper()}"),))


def memory_written(reader: ByteReader) -> Decoded:
    """Read what was written to a driver's memory, or that it could not be."""
    if not reader.left:
        return Decoded(notices=(Notice("driver_memory_write_failed"),))
    return Decoded(
        notices=(Notice("driver_memory_written", f"{_memory_place(reader)}: {reader.rest().hex().upper()}"),)
    )


def _memory_place(reader: ByteReader) -> str:
    address, bank, at = reader.u8(), reader.u8(), reader.u8()
    return f"{address_text(address)} bank {bank} address {at}"


def driver_addressed(reader: ByteReader) -> Decoded:
    """Read which address a new driver got, or that the bus is searched again."""
    return Decoded(notices=(Notice("driver_addressed", address_text(reader.u8(), "rescan_dali_bus")),))


def identifying(reader: ByteReader) -> Decoded:
    """Read that the lamps show themselves."""
    del reader
    return Decoded(notices=(Notice("dali_identify"),))


def open_drain(reader: ByteReader) -> Decoded:
    """Read how the open-drain output was switched."""
    return _said([state("device.switch", "open_drain", bool(reader.u8() & 1))], [])


def _said(readings: list[Reading], notices: list[Notice]) -> Decoded:
    return Decoded((Snapshot(tuple(readings)),) if readings else (), {}, tuple(notices))
