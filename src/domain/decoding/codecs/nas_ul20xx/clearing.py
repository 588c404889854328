"""Settings that were cleared (port 50)."""

from collections.abc import Callable

from domain.decoding.byte_reader import ByteReader
from domain.decoding.codec import Decoded, Notice
from domain.decoding.codecs.nas_ul20xx.addresses import address_text
from domain.decoding.refusals import malformed

_MULTICAST, _FACTORY_RESET = 0x52, 0xFF
_TARGETS_1_0 = {0x01: "ldr_input", 0x03: "dig_input", 0x04: "profile", 0x06: "holiday"}
_TARGETS_1_1 = {0x21: "profile", 0x23: "holiday", 0x28: "dig_input", 0x29: "light_sensor"}
_ALL = 0xFF


def _clearing(targets: dict[int, str]) -> Callable[[ByteReader], Decoded]:
    def cleared(reader: ByteReader) -> Decoded:
        """Read what was cleared."""
        kind = reader.u8()
        if kind == _FACTORY_RESET:
            return Decoded((), {"serial": f"{reader.u32():08X}"}, (Notice("configuration_cleared", "factory_reset"),))
        if kind == _MULTICAST:
            session = reader.u8()
            return _notice(f"multicast {'all' if session == _ALL else session}")
        target = targets.get(kind)
        if target is None:
            raise malformed("there is nothing such to clear")
        return _notice(_profiles(reader) if target == "profile" else target)

    return cleared


def _profiles(reader: ByteReader) -> str:
    """Return whose profiles were cleared, and which one if only one was."""
    whose = f"profile {address_text(reader.u8(), 'all_profiles')}"
    return f"{whose} {reader.u8()}" if reader.left else whose


def _notice(target: str) -> Decoded:
    return Decoded(notices=(Notice("configuration_cleared", target),))


cleared_1_0 = _clearing(_TARGETS_1_0)
cleared_1_1 = _clearing(_TARGETS_1_1)
cleared = _clearing({**_TARGETS_1_0, **_TARGETS_1_1})
