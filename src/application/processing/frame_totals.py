"""The frame accounts of a fleet, added up."""

from collections.abc import Iterable, Mapping

from msgspec import Struct

from domain.device import DeviceMemory


class FrameTotals(Struct):
    """Frames of all devices; expected = received + missing."""

    devices: int = 0
    received: int = 0
    missing: int = 0
    duplicate: int = 0


def totalled(memories: Iterable[Mapping[str, DeviceMemory]]) -> FrameTotals:
    """Return the sum over all devices of ``memories``."""
    total = FrameTotals()
    for memory in memories:
        total.devices += len(memory)
        for device in memory.values():
            for account in device.accounts.values():
                total.received += account.counts.received
                total.duplicate += account.counts.duplicate
                total.missing += account.missing
    return total
