"""Numbers of a data record: binary, decimal digits, binary32, and data whose length they state themselves.

Source: EN 13757-3, annex A (data types A to C, H) and table of LVAR (variable length).
"""

from struct import Struct as Format

_F32 = Format("<f")
_REAL, _VARIABLE, _FIRST_BCD = 5, 13, 9
_MINUS = "f"

_LONGEST_TEXT = 0xBF
_POSITIVE_BCD, _NEGATIVE_BCD, _BINARY, _LONG_BINARY = 0xC0, 0xD0, 0xE0, 0xF0
_MOST_BCD, _MOST_BINARY, _MOST_LONG = 0x09, 0x0F, 0x04
_BINARY_48, _BINARY_64 = 0xF5, 0xF6

Value = int | float | bytes | None


def number(coding: int, data: bytes) -> Value:
    """Return what ``data`` are worth, coded as the lower four bits of the DIF say; None: no data, or no number."""
    if coding == _REAL:
        real: float = _F32.unpack(data)[0]
        return real
    if coding >= _FIRST_BCD:
        return bcd(data)
    return int.from_bytes(data, "little", signed=True) if data else None


def bcd(data: bytes) -> int | None:
    """Return the number that ``data`` spells in decimal digits, lowest first; a leading 0xF is a minus sign."""
    digits = data[::-1].hex()
    sign = 1
    if digits.startswith(_MINUS):
        sign, digits = -1, digits[1:]
    return sign * int(digits) if digits.isdecimal() else None


def variable_length(lvar: int) -> int | None:
    """Return how many bytes follow the byte that states the length; None: it is reserved."""
    if lvar <= _LONGEST_TEXT:
        return lvar
    for first, most, width in (
        (_POSITIVE_BCD, _MOST_BCD, 1),
        (_NEGATIVE_BCD, _MOST_BCD, 1),
        (_BINARY, _MOST_BINARY, 1),
    ):
        if first <= lvar <= first + most:
            return (lvar - first) * width
    if _LONG_BINARY <= lvar <= _LONG_BINARY + _MOST_LONG:
        return 4 * (lvar - 0xEC)
    return {_BINARY_48: 48, _BINARY_64: 64}.get(lvar)


def variable(lvar: int, data: bytes) -> Value:
    """Return what ``data`` are worth behind a length ``lvar``: a text (first character first), or a number."""
    if lvar <= _LONGEST_TEXT:
        return data[::-1]
    if lvar < _BINARY:
        digits = data[::-1].hex()
        sign = -1 if lvar >= _NEGATIVE_BCD else 1
        return sign * int(digits) if digits.isdecimal() else None
    if lvar < _LONG_BINARY:
        return int.from_bytes(data, "little", signed=True) if data else None
    return data[::-1]
