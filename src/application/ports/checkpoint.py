"""Where processing leaves its results and takes up its work again."""

from typing import Protocol

from msgspec import Struct

from application.processing.outcome import Outcome
from domain.device import Memory


class Restored(Struct):
    """Where processing of a partition goes on."""

    memory: Memory
    """By DevEUI; each at or ahead of ``offset``: replayed uplinks at or below a memory's own offset are skipped. The
    checkpoint keeps it: it shows what was taken."""
    offset: int
    """First position of the uplink log to read."""


class Checkpoint(Protocol):
    """Results, memory and position, in the order that survives a kill between any two of them.

    Promises: tests/contract/checkpoint.py.
    """

    async def restore(self, partition: int) -> Restored:
        """Return memory and position of ``partition``; a partition never worked on starts empty at its beginning.

        Raises:
            Unavailable: the store cannot be read now.
            WrongShape: what is stored contradicts the uplink log (recreated topic) or is of a newer version.
        """

    def take(self, partition: int, outcome: Outcome) -> None:
        """Take over what came out of a part of a batch; it is made durable with the next commit, or never.

        Nobody else sees it before, and ``restore`` forgets it; the memory that was restored shows it at once. A large
        batch is handed over in small parts while they are still in the processor's caches.

        Raises:
            WrongShape: a store would not take it.
        """

    async def commit(self, partition: int, next_offset: int) -> None:
        """Make what was taken durable, then its memory, then the position.

        After it returns, no restart loses or repeats a result. When it raises, or the process dies in it, the same
        uplinks are processed again from the same memory and give the same results under the same keys.

        Raises:
            Unavailable: it could not be made durable within its deadline.
            Fenced: the partition belongs to another instance now.
        """
