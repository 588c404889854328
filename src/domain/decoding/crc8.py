"""CRC-8 as small meters use it: polynomial x^8 + x^2 + x + 1, start 0, nothing reflected (CRC-8/SMBUS)."""

_POLYNOMIAL = 0x07
_TOP_BIT, _BYTE = 0x80, 0xFF


def _remainder(byte: int) -> int:
    for _ in range(8):
        byte = (byte << 1 ^ (_POLYNOMIAL if byte & _TOP_BIT else 0)) & _BYTE
    return byte


_TABLE = bytes(_remainder(byte) for byte in range(256))


def crc8(data: bytes) -> int:
    """Return the checksum of ``data``; over data and checksum together it is 0."""
    checksum = 0
    for byte in data:
        checksum = _TABLE[checksum ^ byte]
    return checksum
