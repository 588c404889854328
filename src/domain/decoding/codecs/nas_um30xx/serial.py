"""Serial numbers as these modules write them: eight decimal digits, two a byte, lowest first."""

_NOT_AVAILABLE = 0xFFFF_FFFF


def serial_text(number: int) -> str:
    """Return ``number`` as it stands on the meter; empty: the module does not know it."""
    return "" if number == _NOT_AVAILABLE else f"{number:08X}"
