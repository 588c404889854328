"""Readings as they were known at an instant: those of today that were written by then, and those replaced since."""

from collections.abc import AsyncIterator, Iterator, Sequence

from application.ports.reading_history import ReadingHistory
from application.ports.reading_query import ReadingFilter, ReadingQuery, StoredReading
from domain.identifiers import DevEui

_CHUNK = 1_000
_LEAST_PAGE = 100
"""Readings asked for at once: of many that nobody knew by then, one is not asked for after the other."""
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
        replaced = await self._replaced(device, asked, asked.known_at_us)
        found: list[StoredReading] = []
        following, at_once = after, max(size, _LEAST_PAGE)
        while True:
            some = await self._query.page(device, asked, size=at_once, after=following)
            found += [each for each in some if each.written_us <= asked.known_at_us and place_of(each) not in replaced]
            if len(found) >= size or len(some) < at_once:
                break
            following = place_of(some[-1])
        seen = None if after is None else (-after[0], after[1], after[2])
        found += [each for each in replaced.values() if seen is None or _newest_first(each) > seen]
        return sorted(found, key=_newest_first)[:size]

    async def stream(self, devices: Sequence[DevEui], asked: ReadingFilter) -> AsyncIterator[Sequence[StoredReading]]:
        """Yield the readings of each device in turn, oldest first, in chunks of one device of at most 1,000."""
        if asked.known_at_us is None:
            async for chunk in self._query.stream(devices, asked):
                yield chunk
            return
        for device in devices:
            async for chunk in self._known(device, asked, asked.known_at_us):
                yield chunk

    async def _known(self, device: DevEui, asked: ReadingFilter, at_us: int) -> AsyncIterator[list[StoredReading]]:
        replaced = await self._replaced(device, asked, at_us)
        waiting = sorted(replaced.values(), key=place_of, reverse=True)
        async for chunk in self._query.stream([device], asked):
            found = [each for each in chunk if each.written_us <= at_us and place_of(each) not in replaced]
            last = place_of(chunk[-1])
            while waiting and place_of(waiting[-1]) <= last:
                found.append(waiting.pop())
            for some in _cut(sorted(found, key=place_of)):
                yield some
        for some in _cut(waiting[::-1]):
            yield some

    async def _replaced(self, device: DevEui, asked: ReadingFilter, at_us: int) -> dict[_Place, StoredReading]:
        return {place_of(each): each for each in await self._history.believed(device, asked, at_us)}


def _cut(readings: Sequence[StoredReading]) -> Iterator[list[StoredReading]]:
    for start in range(0, len(readings), _CHUNK):
        yield list(readings[start : start + _CHUNK])


def place_of(stored: StoredReading) -> _Place:
    """Return what tells the readings of a device apart; by it they are oldest first."""
    return stored.event_ns, stored.reading.measurand, stored.reading.channel


def _newest_first(stored: StoredReading) -> _Place:
    return -stored.event_ns, stored.reading.measurand, stored.reading.channel
