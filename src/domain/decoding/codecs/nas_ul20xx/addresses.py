"""Whom a controller speaks of: one DALI driver, a group, all of them, its analog output, or itself.

An address is a byte as IEC 62386-102 (section 7.2) has it: short addresses and groups in bits 1 up, broadcast 0xFE. The
vendor adds 0x01 for the 0–10 V output and uses 0xFF for different things in different packets.
"""

from domain.decoding.codec import Notice

ALL_ONES = 0xFF
_ANALOG, _BROADCAST = 0x01, 0xFE
_GROUPS = range(0x80, 0xA0)
_SINGLE = range(0x80)


def _channel(address: int) -> str | None:
    if address == _ANALOG:
        return "analog"
    if address == _BROADCAST:
        return "dali_all"
    if address & 1:
        return None
    if address in _SINGLE:
        return f"dali{address >> 1}"
    return f"dali_group{address >> 1 & 0x0F}" if address in _GROUPS else None


CHANNELS = tuple(_channel(address) for address in range(256))
"""Channel of each address; None: nobody has it (0xFF is left to the packet)."""

METERED = (*CHANNELS[:ALL_ONES], "internal")
"""As ``CHANNELS``, where 0xFF is the controller's own measurement."""

COMMANDED = (*CHANNELS[:ALL_ONES], "")
"""As ``CHANNELS``, where 0xFF is all that the controller drives: the device itself."""


def address_text(address: int, all_ones: str = "") -> str:
    """Return how an attribute or a notice calls ``address``; ``all_ones`` is what 0xFF means there."""
    if address == ALL_ONES and all_ones:
        return all_ones
    return CHANNELS[address] or f"0x{address:02x}"


def invalid_address(address: int, said: str) -> Notice:
    """Return the notice that nobody has ``address``; what was ``said`` of it belongs to no channel."""
    return Notice("address_invalid", f"0x{address:02x}: {said}")


def repeated_address(channel: str, said: str) -> Notice:
    """Return the notice that ``channel`` was spoken of before in the same packet: the first word counts."""
    return Notice("address_repeated", f"{channel or 'all_devices'}: {said}")
