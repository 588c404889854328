"""CRC-8 as small meters use it: polynomial x^8 + x^2 + x + 1, start 0, nothing reflected (CRC-8/SMBUS)."""

from functools import lru_cache
from struct import Struct

_POLYNOMIAL = 0x07
_TOP_BIT, _BYTE = 0x80, 0xFF


def _remainder(byte: int) -> int:
    for _ in range(8):
        byte = (byte << 1 ^ (_POLYNOMIAL if byte & _TOP_BIT else 0)) & _BYTE
    return byte


_OF_BYTE = bytes(_remainder(byte) for byte in range(256))
_OF_PAIR = b"".join(bytes(_OF_BYTE[first ^ second] for first in _OF_BYTE) for second in range(256))
"""By two bytes, the first of them the lower: half as many steps."""


@lru_cache(maxsize=256)
def _pairs(count: int) -> Struct:
    return Struct(f"<{count}H")


def crc8(data: bytes) -> int:
    """Return the checksum of ``data``; over data and checksum together it is 0."""
    if len(data) & 1:
        data = b"\0" + data  # leading zeros leave a checksum that starts with zero as it is
    checksum = 0
    for pair in _pairs(len(data) >> 1).unpack(data):
        checksum = _OF_PAIR[checksum ^ pair]
    return checksum
