"""Data records: the bytes of an M-Bus answer, split into values with what the meter says of each.

Source: EN 13757-3 (2018), sections 6.3 to 6.5 (record structure) and 7.1 (value information as text).
"""

from msgspec import Struct

from domain.decoding.mbus.local_time import LocalTime, local_time
from domain.decoding.mbus.number import Value, number, variable, variable_length

_IDLE_FILLER = 0x2F
_SPECIAL = 0x0F
"""Lower four bits of a DIF: the rest is the manufacturer's (0x0F, 0x1F), or no data at all."""
_LENGTHS = (0, 1, 2, 3, 4, 4, 6, 8, 0, 1, 2, 3, 4, -1, 6, -1)
"""Bytes of data by the lower four bits of the DIF; -1: stated in the data, or no data at all."""
_VARIABLE = 13
_EXTENSION = 0x80
_MOST_EXTENSIONS = 10
_UNIT_IN_WORDS = 0x7C
"""VIF: a text says what the value is; its length and characters follow, then the extensions."""
_DATE, _FIRST_TABLE, _SECOND_TABLE = 0x6C, 0x7B, 0x7D
_DATE_MASK = 0x7E


class Record(Struct, frozen=True, gc=False):
    """One value with what the meter says of it."""

    vif: tuple[int, ...]
    """Value information, without the extension bits: first what is measured and its power of ten, then refinements."""
    value: Value | LocalTime
    """None: no data, or data that are no value."""
    function: int = 0
    """0 instantaneous, 1 maximum, 2 minimum, 3 during an error."""
    storage: int = 0
    """0: now; else a remembered value."""
    tariff: int = 0
    subunit: int = 0
    unit: str = ""
    """What is measured, where the meter says it in words."""

    @property
    def is_current(self) -> bool:
        """Say whether this is the meter's present value, unqualified."""
        plain = len(self.vif) == (2 if self.vif[0] in _TABLES else 1)
        return plain and not (self.function or self.storage or self.subunit)


_TABLES = frozenset((_FIRST_TABLE, _SECOND_TABLE))
"""VIF that names a table; its entry follows."""


def data_records(data: bytes) -> tuple[list[Record], bytes]:
    """Return the records of ``data`` and the bytes at its end that are no whole record."""
    records: list[Record] = []
    position, length = 0, len(data)
    while position < length:
        dif = data[position]
        if dif == _IDLE_FILLER:
            position += 1
            continue
        if dif & 0x0F == _SPECIAL:
            break
        found = _record(data, position)
        if found is None:
            break
        record, position = found
        records.append(record)
    return records, data[position:]


def _record(data: bytes, position: int) -> tuple[Record, int] | None:
    """Return the record at ``position`` and where the next one begins; None: it is cut short."""
    information = _chain(data, position)
    if information is None:
        return None
    difs, position = information
    value_information, unit = _chain(data, position), ""
    if value_information is not None and value_information[0][0] & ~_EXTENSION == _UNIT_IN_WORDS:
        worded = _worded(data, position)
        value_information, unit = worded or (None, "")
    if value_information is None:
        return None
    vifs, position = value_information
    vif = (vifs[0],) if len(vifs) == 1 else tuple(byte & ~_EXTENSION for byte in vifs)
    found = _value(data, position, difs[0] & 0x0F, is_time=vif[0] & _DATE_MASK == _DATE)
    if found is None:
        return None
    value, end = found
    if len(difs) == 1:
        return Record(vif, value, difs[0] >> 4 & 3, difs[0] >> 6 & 1, 0, 0, unit), end
    storage, tariff, subunit = _address(difs)
    return Record(vif, value, difs[0] >> 4 & 3, storage, tariff, subunit, unit), end


def _value(data: bytes, position: int, coding: int, *, is_time: bool) -> tuple[Value | LocalTime, int] | None:
    """Return the value of the data at ``position``, and where they end; None: they are cut short."""
    count = _LENGTHS[coding]
    if coding == _VARIABLE:
        stated = variable_length(data[position]) if position < len(data) else None
        if stated is None or position + 1 + stated > len(data):
            return None
        end = position + 1 + stated
        return variable(data[position], data[position + 1 : end]), end
    end = position + count
    if end > len(data):
        return None
    raw = data[position:end]
    return (local_time(raw) if is_time else number(coding, raw)), end


def _worded(data: bytes, position: int) -> tuple[tuple[bytes, int], str] | None:
    """Return VIF and extensions with their end, and the unit that stands between them, last character first."""
    start = position + 2
    end = start + data[position + 1] if start <= len(data) else len(data) + 1
    if end > len(data):
        return None
    vif, unit = data[position : position + 1], data[start:end][::-1].decode("latin-1")
    if not vif[0] & _EXTENSION:
        return (vif, end), unit
    extensions = _chain(data, end)
    return None if extensions is None else ((vif + extensions[0], extensions[1]), unit)


def _chain(data: bytes, position: int) -> tuple[bytes, int] | None:
    """Return the bytes from ``position`` to the first without extension bit, and where that ends."""
    if position < len(data) and not data[position] & _EXTENSION:
        return data[position : position + 1], position + 1
    for end in range(position, min(len(data), position + 1 + _MOST_EXTENSIONS)):
        if not data[end] & _EXTENSION:
            return data[position : end + 1], end + 1
    return None


def _address(difs: bytes) -> tuple[int, int, int]:
    """Return storage number, tariff and subunit, whose bits are spread over DIF and DIFEs."""
    storage, tariff, subunit = difs[0] >> 6 & 1, 0, 0
    for index, dife in enumerate(difs[1:]):
        storage |= (dife & 0x0F) << (1 + 4 * index)
        tariff |= (dife >> 4 & 3) << (2 * index)
        subunit |= (dife >> 6 & 1) << index
    return storage, tariff, subunit
