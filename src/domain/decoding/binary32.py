"""Decimal numbers that came as binary32 (IEEE 754): back to the digits that were meant.

A device that has counted 1234.5 Wh and sends the nearest binary32 number has lost nothing as long as its count has at
most seven digits: the shortest decimal number that would become the same bytes is the one it had. A whole number is
taken as it is sent.
"""

from decimal import Decimal
from struct import Struct

_F32 = Struct(">f")
_DIGITS = range(6, 10)
"""Six digits always survive, nine always suffice (IEEE 754, conversion of binary32)."""


def decimal_of(raw: bytes) -> tuple[int, int] | None:
    """Return the number in ``raw`` (big-endian) as an integer and a power of ten; None: it is no number."""
    value: float = _F32.unpack(raw)[0]
    if value.is_integer():
        return int(value), 0
    for digits in _DIGITS:
        text = f"{value:.{digits}g}"
        if value - value == 0 and _F32.pack(float(text)) == raw:
            return _parts(text)
    return None


def _parts(text: str) -> tuple[int, int]:
    sign, digits, exponent = Decimal(text).as_tuple()
    number = int("".join(map(str, digits)))
    return -number if sign else number, int(exponent)
