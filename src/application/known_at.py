"""Readings as they were known at an instant: those of today that were written by then, and those replaced since."""

from collections.abc import AsyncIterator, Sequence

from application.ports.reading_history import ReadingHistory
from application.ports.reading_query import ReadingFilter, ReadingQuery, StoredReading
from domain.identifiers import DevEui

_CHUNK = 1_000
_Place = tuple[int, str, str]


class VersionedReadings:
    """A ``ReadingQuery`` that also answers for the past (``ReadingFilter.known_at_us``).

    A value that another uplink corrected without a re-decode is answered as it was corrected, if that was by then; what
    it said before is kept nowhere.
    """

    def __init__(self, query: ReadingQuery, history: ReadingHistory) -> None:
        self._query = query
        self._history = history

    async def page(
        self, device: DevEui, asked: ReadingFilter, *, size: int, after: _Place | None = None
    ) -> Sequence[StoredReading]:
        """Return up to ``size`` readings, newest event time first, then by measurand and channel."""
        if asked.known_at_us is None:
            return await self._query.page(device, asked, size=size, after=after)
        found = sorted([each async for each in self._known(device, asked, asked.known_at_us)], key=_newest_first)
        if after is not None:
            seen = (-after[0], after[1], after[2])
            found = [each for each in found if _newest_first(each) > seen]
        return found[:size]

    async def stream(self, devices: Sequence[DevEui], asked: ReadingFilter) -> AsyncIterator[Sequence[StoredReading]]:
        """Yield the readings of each device in turn, oldest first, in chunks of one device of at most 1,000."""
        if asked.known_at_us is None:
            async for chunk in self._query.stream(devices, asked):
                yield chunk
            return
        for device in devices:
            found = sorted([each async for each in self._known(device, asked, asked.known_at_us)], key=place_of)
            for start in range(0, len(found), _CHUNK):
                yield found[start : start + _CHUNK]

    async def _known(self, device: DevEui, asked: ReadingFilter, at_us: int) -> AsyncIterator[StoredReading]:
        believed = {place_of(each): each for each in await self._history.believed(device, asked, at_us)}
        async for chunk in self._query.stream([device], asked):
            for stored in chunk:
                if stored.written_us <= at_us and place_of(stored) not in believed:
                    yield stored
        for stored in believed.values():
            yield stored


def place_of(stored: StoredReading) -> _Place:
    """Return what tells the readings of a device apart; by it they are oldest first."""
    return stored.event_ns, stored.reading.measurand, stored.reading.channel


def _newest_first(stored: StoredReading) -> _Place:
    return -stored.event_ns, stored.reading.measurand, stored.reading.channel
