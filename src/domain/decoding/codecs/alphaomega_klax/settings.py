"""What the reader says of itself and of its settings (ports 100 to 105): when it starts, and on demand.

Source: as the package. Registers are written as the OBIS groups C, D and E.
"""

from collections.abc import Callable
from struct import Struct

from domain.decoding.codec import Context, Decoded, Notice, Snapshot
from domain.decoding.codecs.alphaomega_klax.filters import COUNT, setting_of
from domain.decoding.codecs.alphaomega_klax.header import HEADER, header
from domain.decoding.codecs.alphaomega_klax.history import INTERVAL
from domain.decoding.refusals import malformed, too_long

_REGISTER = 3
_CONFIG_LENGTH, _INFO_LENGTH = HEADER + 2, HEADER + 2
_SEARCH_HEAD = HEADER + 2
_FILTERS_LENGTH = HEADER + 1 + COUNT * _REGISTER
_MODBUS_FORM = Struct(">BHBBBHHB")
_MODBUS_LENGTH = HEADER + _MODBUS_FORM.size + COUNT * _REGISTER
_FUNCTIONS = ("coils", "discrete inputs", "holding registers", "input registers")
_TYPES = ("DOUBLE", "INT16", "UINT16", "INT32", "UINT32", "FLOAT")
_MODES = ("RTU", "ASCII", "RTU interdelay")
_PARITIES = ("none", "odd", "even", "none special")


def _configuration(data: bytes, context: Context) -> Decoded:
    """Read the interval at which the meter is read."""
    minutes = int.from_bytes(_of_length(data, _CONFIG_LENGTH)[HEADER:])
    if not minutes:
        raise malformed("an interval of no minutes")
    settings = {**context.settings, INTERVAL: str(minutes)}
    return _said(data, {"config.measurement_interval_min": str(minutes)}, (), settings)


def _information(data: bytes, context: Context) -> Decoded:
    major, minor = _of_length(data, _INFO_LENGTH)[HEADER:]
    return _said(data, {"firmware": f"{major}.{minor}"}, (), context.settings)


def _search(data: bytes, context: Context) -> Decoded:
    """Read which registers the reader has found at the meter."""
    header(data, _SEARCH_HEAD)
    rest = (len(data) - _SEARCH_HEAD) % _REGISTER
    if rest:
        raise too_long(len(data), len(data) - rest)
    found = Notice("registers_found", ", ".join(_codes(data[_SEARCH_HEAD:])))
    return _said(data, {}, (found,), context.settings)


def _filters(data: bytes, context: Context) -> Decoded:
    """Read which registers the reader sends."""
    active, codes = _of_length(data, _FILTERS_LENGTH)[HEADER], _codes(data[HEADER + 1 :])
    settings = {**context.settings, **{setting_of(index): code for index, code in enumerate(codes)}}
    attributes = {
        f"config.filter.{index}": code if active >> index & 1 else f"{code} (off)" for index, code in enumerate(codes)
    }
    return _said(data, attributes, (), settings)


def _modbus(data: bytes, context: Context) -> Decoded:
    """Read how the reader talks to a meter on Modbus, and which registers it asks for."""
    _of_length(data, _MODBUS_LENGTH)
    address, baud, mode, retries, writes, write_address, value, active = _MODBUS_FORM.unpack_from(data, HEADER)
    attributes = {
        "config.modbus.address": str(address),
        "config.modbus.baud": str(baud),
        "config.modbus.mode": _word(_MODES, mode & 3),
        "config.modbus.parity": _PARITIES[mode >> 4 & 3],
        "config.modbus.retries": str(retries & 0xF),
        "config.modbus.timeout_ms": str((retries >> 4) * 100),
    }
    if writes & 1:
        attributes["config.modbus.write"] = f"{value} to {write_address}, {(writes >> 4) * 100} ms before"
    registers = data[HEADER + _MODBUS_FORM.size :]
    for index in range(COUNT):
        at, kind = int.from_bytes(registers[index * 3 : index * 3 + 2]), registers[index * 3 + 2]
        text = f"{_FUNCTIONS[kind & 3]} {at} {_word(_TYPES, kind >> 4)}"
        attributes[f"config.filter.{index}"] = text if active >> index & 1 else f"{text} (off)"
    return _said(data, attributes, (), context.settings)


def _codes(data: bytes) -> list[str]:
    return [".".join(str(group) for group in data[at : at + _REGISTER]) for at in range(0, len(data), _REGISTER)]


def _word(words: tuple[str, ...], code: int) -> str:
    return words[code] if code < len(words) else f"0x{code:x}"


def _of_length(data: bytes, length: int) -> bytes:
    header(data, length)
    if len(data) > length:
        raise too_long(len(data), length)
    return data


def _said(data: bytes, attributes: dict[str, str], notices: tuple[Notice, ...], settings: dict[str, str]) -> Decoded:
    """Return what is said of the reader, with its battery and how it reads the meter."""
    head = header(data, HEADER)
    return Decoded(
        (Snapshot((head.battery,)),),
        {**head.attributes, **attributes},
        (*head.notices, *notices),
        Context(settings=settings),
    )


SETTINGS: dict[int, Callable[[bytes, Context], Decoded]] = {
    100: _configuration,
    101: _information,
    103: _search,
    104: _filters,
    105: _modbus,
}
"""By port."""
