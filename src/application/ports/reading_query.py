"""The store of observations, read side."""

from collections.abc import AsyncIterator, Sequence
from typing import Protocol

from msgspec import Struct

from domain.identifiers import DevEui
from domain.observation import Quality, Reading


class StoredReading(Struct, frozen=True, gc=False):
    """A reading as it was stored."""

    dev_eui: DevEui
    event_ns: int
    reading: Reading
    written_us: int
    time_origin: str
    uncertainty_ms: int
    device_type: str
    decoder: str
    source: str
    f_cnt: int


class ReadingFilter(Struct, frozen=True):
    """Which readings are asked for."""

    since_ns: int
    """First instant, inclusive."""
    until_ns: int
    """Last instant, exclusive."""
    measurands: frozenset[str] = frozenset()
    """Empty: all."""
    channels: frozenset[str] | None = None
    """None: all; the empty text is the device itself."""
    known_at_us: int | None = None
    """As it was known at that time, µs since 1970-01-01 UTC; None: as it is known now (application.known_at)."""

    def takes(self, stored: StoredReading) -> bool:
        """Say whether ``stored``, of the device in question, is asked for."""
        reading = stored.reading
        return (
            self.since_ns <= stored.event_ns < self.until_ns
            and (not self.measurands or reading.measurand in self.measurands)
            and (self.channels is None or reading.channel in self.channels)
        )


WITHDRAWN = Quality.WITHDRAWN.value


class ReadingQuery(Protocol):
    """Never answers a reading that was withdrawn. Promises: tests/contract/reading_query.py."""

    async def page(
        self, device: DevEui, asked: ReadingFilter, *, size: int, after: tuple[int, str, str] | None = None
    ) -> Sequence[StoredReading]:
        """Return up to ``size`` readings, newest event time first, then by measurand and channel.

        Args:
            device: whose readings.
            asked: which of them.
            size: how many at most; fewer come only when there are no more.
            after: event time (ns), measurand and channel of the last reading already seen.

        Raises:
            Unavailable: the store does not answer.
        """

    def stream(self, devices: Sequence[DevEui], asked: ReadingFilter) -> AsyncIterator[Sequence[StoredReading]]:
        """Yield the readings of each device in turn, oldest first, in chunks of one device of at most 1,000.

        Raises:
            Unavailable: the store does not answer.
        """
