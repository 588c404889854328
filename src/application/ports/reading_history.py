"""Readings that a re-decode replaced: what was believed before, and until when."""

from collections.abc import Sequence
from typing import Protocol

from msgspec import Struct

from application.ports.reading_query import WITHDRAWN, ReadingFilter, StoredReading
from domain.identifiers import DevEui


class Superseded(Struct, frozen=True, gc=False):
    """What stood under a key for a time; a withdrawn reading stands for nothing."""

    stored: StoredReading
    until_us: int
    """Write time of what came after it."""

    def was_believed(self, at_us: int) -> bool:
        """Say whether it was what people were told at ``at_us``."""
        return self.stored.written_us <= at_us < self.until_us and self.stored.reading.quality != WITHDRAWN


class ReadingHistory(Protocol):
    """Kept apart from the readings of today, so that asking for these costs nothing more.

    Promises: tests/contract/reading_history.py.
    """

    async def keep(self, superseded: Sequence[StoredReading], until_us: int) -> None:
        """Keep what stood until ``until_us`` (µs since 1970-01-01 UTC).

        Again is harmless; again with a later ``until_us``, it stood until then: a job was killed before it wrote.

        Raises:
            Unavailable: not all could be kept; give all again.
        """

    async def believed(self, device: DevEui, asked: ReadingFilter, at_us: int) -> Sequence[StoredReading]:
        """Return what of ``asked`` was written by ``at_us`` and replaced after it, by event time and name.

        Raises:
            Unavailable: the store does not answer.
        """

    async def kept(self, device: DevEui, asked: ReadingFilter) -> Sequence[Superseded]:
        """Return all that is kept of ``asked``, by event time and name.

        Raises:
            Unavailable: the store does not answer.
        """
