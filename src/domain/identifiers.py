"""Identifiers of the radio world, checked where they enter."""

from binascii import unhexlify
from typing import NewType

from domain.errors import InvalidValue

DevEui = NewType("DevEui", str)
"""64-bit device identifier (IEEE EUI-64) as 16 lower-case hex digits."""

_DIGITS = 16


def dev_eui(text: str) -> DevEui:
    """Return ``text`` as a DevEUI, whatever case or separators it was written in.

    Raises:
        InvalidValue: not 64 bits of hex.
    """
    digits = text.lower() if len(text) == _DIGITS else text.replace("-", "").replace(":", "").lower()
    if len(digits) != _DIGITS or not is_hex(digits):
        raise InvalidValue(f"{text!r} is not a DevEUI: 16 hex digits expected", field="dev_eui", value=text)
    return DevEui(digits)


def is_hex(digits: str) -> bool:
    """Say whether ``digits`` are pairs of hex digits and nothing else; in less than half of a pattern's time."""
    try:
        unhexlify(digits)
    except ValueError:
        return False
    return True
