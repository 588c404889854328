"""Readings that a re-decode replaced: what was believed before, and until when."""

from collections.abc import Sequence
from typing import Protocol

from application.ports.reading_query import ReadingFilter, StoredReading
from domain.identifiers import DevEui


class ReadingHistory(Protocol):
    """Kept apart from the readings of today, so that asking for these costs nothing more.

    Promises: tests/contract/reading_history.py.
    """

    async def keep(self, superseded: Sequence[StoredReading], until_us: int) -> None:
        """Keep readings that were believed until ``until_us`` (µs since 1970-01-01 UTC); again is harmless.

        Raises:
            Unavailable: not all could be kept; give all again.
        """

    async def believed(self, device: DevEui, asked: ReadingFilter, at_us: int) -> Sequence[StoredReading]:
        """Return what of ``asked`` was written by ``at_us`` and replaced after it, by event time and name.

        Raises:
            Unavailable: the store does not answer.
        """
