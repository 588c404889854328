"""M-Bus data records: the values of a wired meter, as a radio module passes them on.

Source: EN 13757-3 (2018), sections 6.3 to 6.5 (record structure), 7 (value information) and annex A (coding of
data). Only what a record says of itself is read here; which measurand it is, the codec of the module decides.
"""

from struct import Struct as Format

from msgspec import Struct

_IDLE_FILLER = 0x2F
_MANUFACTURER_SPECIFIC = frozenset((0x0F, 0x1F))
"""DIF: the rest is the manufacturer's, without the record structure."""
_LENGTHS = (0, 1, 2, 3, 4, 4, 6, 8, 0, 1, 2, 3, 4, -1, 6, -1)
"""Bytes of data by the lower four bits of the DIF; -1: stated in the data, or no data at all."""
_REAL = 5
_FIRST_BCD = 9
_VARIABLE = 13
_EXTENSION = 0x80
_MOST_EXTENSIONS = 10
_LONGEST_TEXT = 0xBF
_UNIT_IN_WORDS = 0x7C
"""VIF: the unit follows as text; nothing behind it is read."""
_F32 = Format("<f")
_BCD_MINUS = 0xF


class Record(Struct, frozen=True, gc=False):
    """One value with what the meter says of it."""

    vif: tuple[int, ...]
    """Value information, without the extension bits: first what is measured and its power of ten, then refinements."""
    value: int | float | bytes | None
    """None: no data, or digits that are no number."""
    function: int = 0
    """0 instantaneous, 1 maximum, 2 minimum, 3 during an error."""
    storage: int = 0
    """0: now; else a remembered value."""
    tariff: int = 0
    subunit: int = 0

    @property
    def is_current(self) -> bool:
        """Say whether this is the meter's present value, unqualified."""
        return len(self.vif) == 1 and not (self.function or self.storage or self.subunit)


def data_records(data: bytes) -> tuple[list[Record], bytes]:
    """Return the records of ``data`` and the bytes at its end that are no whole record."""
    records: list[Record] = []
    position, length = 0, len(data)
    while position < length:
        dif = data[position]
        if dif == _IDLE_FILLER:
            position += 1
            continue
        if dif in _MANUFACTURER_SPECIFIC:
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
    value_information = _chain(data, position)
    if value_information is None or value_information[0][0] & ~_EXTENSION == _UNIT_IN_WORDS:
        return None
    vifs, position = value_information
    coding = difs[0] & 0x0F
    count = _LENGTHS[coding]
    if count < 0:
        if coding != _VARIABLE or position >= len(data) or data[position] > _LONGEST_TEXT:
            return None
        count = data[position]
        position += 1
    end = position + count
    if end > len(data):
        return None
    vif = (vifs[0],) if len(vifs) == 1 else tuple(byte & ~_EXTENSION for byte in vifs)
    value = _value(coding, data[position:end])
    if len(difs) == 1:
        return Record(vif, value, difs[0] >> 4 & 3, difs[0] >> 6 & 1), end
    storage, tariff, subunit = _address(difs)
    return Record(vif, value, difs[0] >> 4 & 3, storage, tariff, subunit), end


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


def _value(coding: int, data: bytes) -> int | float | bytes | None:
    if coding == _REAL:
        real: float = _F32.unpack(data)[0]
        return real
    if coding == _VARIABLE:
        return data[::-1]
    if coding >= _FIRST_BCD:
        return bcd(data)
    return int.from_bytes(data, "little", signed=True) if data else None


def bcd(data: bytes) -> int | None:
    """Return the number that ``data`` spells in decimal digits, lowest first; a leading 0xF is a minus sign."""
    digits = data[::-1].hex()
    sign = 1
    if digits.startswith(f"{_BCD_MINUS:x}"):
        sign, digits = -1, digits[1:]
    return sign * int(digits) if digits.isdecimal() else None
