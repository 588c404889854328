"""Readings by data class and time in Cassandra: bucket by bucket, the shards of each merged."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Mapping, Sequence
from contextlib import aclosing
from operator import itemgetter
from typing import cast

from adapters.cassandra.cells import stored_readings
from adapters.cassandra.class_tables import READ, KnownClasses
from adapters.cassandra.concurrency import in_turn, together
from adapters.cassandra.session import CassandraSession
from application.ports.class_readings import ClassFilter, place_of
from application.ports.reading_query import StoredReading
from domain.identifiers import DevEui

_AHEAD = 3
"""Buckets read at once, each with all of its shards; a session sends no more than it may."""
_CHUNK = 1_000
_PAGE = 500
"""Rows of one shard at once."""
_LEAST_NS, _MOST_NS = -(1 << 63), (1 << 63) - 1
"""What a bigint holds."""

_Row = tuple[int, str, Mapping[str, str]]
"""Event time (ns), DevEUI, cells."""
_row_place = itemgetter(0, 1)


class CassandraClassReadings:
    """Looks into all buckets of a span, those without rows too: a read each. So spans should be bounded."""

    def __init__(self, session: CassandraSession) -> None:
        self._session = session
        self._classes = KnownClasses(session)

    async def stream(self, asked: ClassFilter) -> AsyncIterator[Sequence[StoredReading]]:
        chunk: list[StoredReading] = []
        async with aclosing(in_turn(self._buckets(asked), _AHEAD)) as parts:
            async for rows in parts:
                chunk += _wanted(rows, asked)
                while len(chunk) >= _CHUNK:
                    yield chunk[:_CHUNK]
                    chunk = chunk[_CHUNK:]
        if chunk:
            yield chunk

    async def _buckets(self, asked: ClassFilter) -> AsyncGenerator[AsyncGenerator[list[_Row], None], None]:
        """Yield the rows of each bucket."""
        classes = await self._classes.current(asyncio.get_running_loop().time())
        since_ns = asked.since_ns if asked.after is None else max(asked.since_ns, asked.after[0])
        since_ns, until_ns = max(since_ns, _LEAST_NS), min(asked.until_ns, _MOST_NS)
        for start_s, shards in classes.layouts(asked.data_class).buckets(since_ns, until_ns):
            pages = [
                self._session.pages(READ[asked.data_class], (start_s, shard, since_ns, until_ns), size=_PAGE)
                for shard in range(shards)
            ]
            yield _merged(pages)


def _wanted(rows: Sequence[_Row], asked: ClassFilter) -> list[StoredReading]:
    readings = [each for event_ns, device, cells in rows for each in stored_readings(DevEui(device), event_ns, cells)]
    return sorted(filter(asked.takes, readings), key=place_of)


class _Shard:
    """The rows of one shard that were read and not yet taken."""

    def __init__(self, pages: AsyncGenerator[Sequence[tuple[object, ...]], None]) -> None:
        self.pages = pages
        self.rows: list[_Row] = []
        self.is_over = False

    async def fill(self) -> None:
        """Read on, a page ahead: a shard that is known to be over keeps no other waiting."""
        while len(self.rows) <= _PAGE and not self.is_over:
            page = await anext(self.pages, None)
            self.is_over = page is None
            self.rows += cast("Sequence[_Row]", page or ())

    def up_to(self, last: tuple[int, str] | None) -> list[_Row]:
        """Take the rows up to ``last``; None: all."""
        if last is None:
            taken, self.rows = self.rows, []
            return taken
        number = sum(_row_place(row) <= last for row in self.rows)
        taken, self.rows = self.rows[:number], self.rows[number:]
        return taken


async def _merged(
    pages: Sequence[AsyncGenerator[Sequence[tuple[object, ...]], None]],
) -> AsyncGenerator[list[_Row], None]:
    """Yield the rows of all shards of a bucket, oldest first, as far as all of them were read."""
    shards = [_Shard(each) for each in pages]
    try:
        while True:
            await together(shard.fill() for shard in shards)
            # A shard with more to come is known up to its last row; beyond the least of these some may be missing.
            last = min(
                (_row_place(shard.rows[-1]) for shard in shards if shard.rows and not shard.is_over), default=None
            )
            if rows := sorted((row for shard in shards for row in shard.up_to(last)), key=_row_place):
                yield rows
            if last is None:
                return
    finally:
        for each in pages:
            await each.aclose()
