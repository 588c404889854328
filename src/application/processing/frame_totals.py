"""The frame accounts of a fleet, added up."""

from collections.abc import Iterable, Iterator
from typing import Protocol, runtime_checkable

from msgspec import Struct

from domain.device import Memory
from domain.radio import FrameCounts


class FrameTotals(Struct):
    """Frames of all devices; expected = received + missing."""

    devices: int = 0
    received: int = 0
    missing: int = 0
    duplicate: int = 0


@runtime_checkable
class Counted(Protocol):
    """Memories that tell their counts without being read whole."""

    def counts(self) -> Iterator[FrameCounts]:
        """Yield what the frame accounts of all devices have counted."""


def totalled(memories: Iterable[Memory]) -> FrameTotals:
    """Return the sum over all devices of ``memories``."""
    total = FrameTotals()
    for memory in memories:
        total.devices += len(memory)
        for counts in memory.counts() if isinstance(memory, Counted) else _counts(memory):
            total.received += counts.received
            total.duplicate += counts.duplicate
            total.missing += counts.missing
    return total


def _counts(memory: Memory) -> Iterator[FrameCounts]:
    for device in memory.values():
        for account in device.accounts.values():
            yield account.before
            yield account.today
