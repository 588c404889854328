"""The sections of a packet with readings.

Source: as the package. Old firmware (format 0) sends 32-bit integers, newer binary32 numbers. Old firmware flags only
the newest value of a filter; a past value of zero behind one that is not is a time at which the meter was not read.
"""

from collections.abc import Callable
from struct import Struct

from domain.decoding.binary32 import decimal_of
from domain.decoding.codec import Notice
from domain.decoding.codecs.alphaomega_klax.filters import COUNT
from domain.decoding.codecs.alphaomega_klax.header import Header
from domain.decoding.codecs.alphaomega_klax.history import SLOTS, History
from domain.observation import state

Section = tuple[int, Callable[[bytes, History], None]]
"""Length behind the type, and how it is read."""

_FOUR_I32 = Struct(">4i")
_ACTIVE, _VALID, _ALL_SLOTS = 1, 8, 0xF
_WIDTH = 4
_VALUES = SLOTS * _WIDTH
_MODBUS_TYPES = ("DOUBLE", "INT16", "UINT16", "INT32", "UINT32", "FLOAT")
_MODBUS_FORMS = tuple(Struct(form) for form in (">d", ">h", ">H", ">i", ">I", ">f"))


def sections_of(head: Header) -> dict[int, Section]:
    """Return the sections by type that a packet with ``head`` may have."""
    return _NEWER if head.version else _FORMAT_0


def _history(body: bytes, history: History) -> None:
    """Read two filters with four values each; mask and units have four bits for either."""
    mask, units = body[0], body[1]
    if mask & _ACTIVE:
        _take(mask, units & 0xF, _FOUR_I32.unpack_from(body, 2), history)
    if mask >> 4 & _ACTIVE:
        _take(mask >> 4, units >> 4, _FOUR_I32.unpack_from(body, 2 + _VALUES), history)


def _take(mask: int, unit: int, values: tuple[int, ...], history: History) -> None:
    filter_id = mask >> 1 & 3
    if all(values) or (mask & _VALID and not any(values)):
        history.add_past(filter_id, unit, values)
    elif any(values):
        numbers = [value or None for value in values]
        if mask & _VALID:
            numbers[0] = values[0]
        history.add_past(filter_id, unit, numbers)


def _filter(body: bytes, history: History) -> None:
    """Read one filter with four values, each with a flag."""
    if not body[0] & _ACTIVE:
        return
    flags = body[1]
    decimals = [decimal_of(body[at : at + _WIDTH]) for at in range(2, 2 + _VALUES, _WIDTH)]
    numbers = [number[0] if number is not None and flags >> slot & 1 else None for slot, number in enumerate(decimals)]
    if flags & _ALL_SLOTS:
        exponents = [0 if number is None else number[1] for number in decimals]
        history.add_past(body[0] >> 1 & 3, body[0] >> 4, numbers, exponents)


def _now_integer(body: bytes, history: History) -> None:
    for filter_id, number in enumerate(_FOUR_I32.unpack_from(body, 3)):
        if _is_present(body[0], filter_id, is_zero=not number):
            history.add_now(filter_id, _unit_now(body, filter_id), number)


def _now_binary32(body: bytes, history: History) -> None:
    for filter_id in range(COUNT):
        at = 3 + filter_id * _WIDTH
        number = decimal_of(body[at : at + _WIDTH])
        if number is not None and _is_present(body[0], filter_id, is_zero=not number[0]):
            history.add_now(filter_id, _unit_now(body, filter_id), *number)


def _is_present(mask: int, filter_id: int, *, is_zero: bool) -> bool:
    """Say whether a filter has a value; the lower half of the mask says which are set, the upper which are valid."""
    return bool(mask >> filter_id & 1) and (bool(mask >> 4 + filter_id & 1) or not is_zero)


def _unit_now(body: bytes, filter_id: int) -> int:
    return body[1 + filter_id // 2] >> 4 * (filter_id % 2) & 0xF


def _server_id(body: bytes, history: History) -> None:
    _identity(body.hex(), history)


def _device_id(body: bytes, history: History) -> None:
    """Read the number of a meter that has no server ID."""
    _identity(str(int.from_bytes(body)), history)


def _identity(text: str, history: History) -> None:
    """Take who the meter is; the first that a packet says counts."""
    if not history.is_meter_known:
        history.is_meter_known = True
        history.now.append(state("meter.identity", "", text))


def _modbus_filter(body: bytes, history: History) -> None:
    """Note the values of a Modbus register: what they count, only the user knows."""
    kind = body[0] >> 4
    if body[0] & 1 and kind < len(_MODBUS_FORMS) and (len(body) - 2) % _MODBUS_FORMS[kind].size == 0:
        values = [str(value) for (value,) in _MODBUS_FORMS[kind].iter_unpack(body[2:])]
        valid = [value if body[1] >> slot & 1 else "-" for slot, value in enumerate(values)]
        detail = f"filter {body[0] >> 1 & 3} {_MODBUS_TYPES[kind]}: {', '.join(valid)}"
        history.notices.append(Notice("modbus_values", detail))


def _modbus_status(body: bytes, history: History) -> None:
    states = (f"{f}: {'valid' if body[0] >> 4 + f & 1 else 'invalid'}" for f in range(COUNT) if body[0] >> f & 1)
    history.notices.append(Notice("modbus_filters", ", ".join(states)))


_OF_EVERY_FORMAT: dict[int, Section] = {
    3: (10, _server_id),
    4: (10, _modbus_filter),
    5: (18, _modbus_filter),
    6: (34, _modbus_filter),
    7: (1, _modbus_status),
    8: (4, _device_id),
}
_FORMAT_0: dict[int, Section] = {1: (34, _history), 2: (19, _now_integer), **_OF_EVERY_FORMAT}
_NEWER: dict[int, Section] = {1: (18, _filter), 2: (19, _now_binary32), **_OF_EVERY_FORMAT}
