"""Readings read from Cassandra: day by day, several days at a time."""

from collections.abc import AsyncGenerator, AsyncIterator, Mapping, Sequence
from contextlib import aclosing
from typing import cast

from msgspec import Struct

from adapters.cassandra.cells import stored_readings
from adapters.cassandra.concurrency import in_turn
from adapters.cassandra.days import day_of
from adapters.cassandra.session import CassandraSession
from adapters.cassandra.statements import Cql
from application.ports.reading_query import WITHDRAWN, ReadingFilter, StoredReading
from domain.identifiers import DevEui

_DAYS_AHEAD = 4
"""Days read at once: an answer takes a millisecond or two, and a sparse device has a day for each reading."""
_DEVICES_AHEAD = 4
"""With the days, 16 requests of a stream under way: half of what a session allows."""
_CHUNK = 1_000
_LEAST_NS, _MOST_NS = -(1 << 63), (1 << 63) - 1
"""What a bigint holds."""

Readings = AsyncGenerator[list[StoredReading], None]


class CassandraReadingQuery:
    """Opens only the partitions that the index of days names."""

    def __init__(self, session: CassandraSession) -> None:
        self._session = session

    async def page(
        self, device: DevEui, asked: ReadingFilter, *, size: int, after: tuple[int, str, str] | None = None
    ) -> Sequence[StoredReading]:
        until_ns = asked.until_ns if after is None else min(asked.until_ns, after[0] + 1)
        span = _span(device, asked.since_ns, until_ns, newest_first=True, page=min(size, _CHUNK))
        found: list[StoredReading] = []
        async with aclosing(self._readings(span)) as pages:
            async for readings in pages:
                found += [each for each in readings if _is_asked(each, asked) and _is_beyond(each, after)]
                if len(found) >= size:
                    break
        return found[:size]

    async def stream(self, devices: Sequence[DevEui], asked: ReadingFilter) -> AsyncIterator[Sequence[StoredReading]]:
        async def sources() -> AsyncGenerator[Readings, None]:
            for device in devices:
                yield self._chunks(device, asked)

        async with aclosing(in_turn(sources(), _DEVICES_AHEAD)) as chunks:
            async for chunk in chunks:
                yield chunk

    async def _chunks(self, device: DevEui, asked: ReadingFilter) -> Readings:
        """Yield what is asked of one device, oldest first."""
        span = _span(device, asked.since_ns, asked.until_ns, newest_first=False, page=_CHUNK)
        chunk: list[StoredReading] = []
        async with aclosing(self._readings(span)) as pages:
            async for readings in pages:
                chunk += [each for each in readings if _is_asked(each, asked)]
                while len(chunk) >= _CHUNK:
                    yield chunk[:_CHUNK]
                    chunk = chunk[_CHUNK:]
        if chunk:
            yield chunk

    async def _readings(self, span: "_Span") -> Readings:
        """Yield all readings of ``span`` in its order."""
        if span.since_ns < span.until_ns:
            async with aclosing(in_turn(self._days(span), _DAYS_AHEAD)) as pages:
                async for page in pages:
                    yield page

    async def _days(self, span: "_Span") -> AsyncGenerator[Readings, None]:
        """Yield the readings of each day that has any."""
        order = Cql.READ_DAYS_NEWEST_FIRST if span.newest_first else Cql.READ_DAYS_OLDEST_FIRST
        first, last = day_of(span.since_ns), day_of(span.until_ns - 1)
        async with aclosing(self._session.pages(order, (span.device, first, last))) as pages:
            async for page in pages:
                for (day,) in page:
                    yield self._day(span, cast("int", day))

    async def _day(self, span: "_Span", day: int) -> Readings:
        order = Cql.READ_OBSERVATIONS_NEWEST_FIRST if span.newest_first else Cql.READ_OBSERVATIONS_OLDEST_FIRST
        values = (span.device, day, span.since_ns, span.until_ns)
        async with aclosing(self._session.pages(order, values, size=span.page)) as pages:
            async for page in pages:
                rows = cast("Sequence[tuple[int, Mapping[str, str]]]", page)
                yield [each for event_ns, cells in rows for each in stored_readings(span.device, event_ns, cells)]


class _Span(Struct, frozen=True):
    """Which rows to open, and in which order."""

    device: DevEui
    since_ns: int
    until_ns: int
    newest_first: bool
    page: int
    """Rows to fetch at once."""


def _span(device: DevEui, since_ns: int, until_ns: int, *, newest_first: bool, page: int) -> _Span:
    """Return the span, no larger than what can be stored."""
    return _Span(device, max(since_ns, _LEAST_NS), min(until_ns, _MOST_NS), newest_first, page)


def _is_asked(stored: StoredReading, asked: ReadingFilter) -> bool:
    reading = stored.reading
    if reading.quality == WITHDRAWN:
        return False
    if asked.measurands and reading.measurand not in asked.measurands:
        return False
    return asked.channels is None or reading.channel in asked.channels


def _is_beyond(stored: StoredReading, after: tuple[int, str, str] | None) -> bool:
    """Say whether ``stored`` comes after ``after``: an earlier instant, or the same and a later name."""
    if after is None or stored.event_ns < after[0]:
        return True
    return (stored.reading.measurand, stored.reading.channel) > after[1:]
