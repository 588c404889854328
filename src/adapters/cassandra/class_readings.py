"""Readings by data class and time in Cassandra: bucket by bucket, the segments of its shards merged."""

import asyncio
import time
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Sequence
from contextlib import aclosing
from itertools import chain

from adapters.cassandra.cells import stored_readings
from adapters.cassandra.class_tables import COPIED, READ, KnownClasses
from adapters.cassandra.concurrency import in_turn
from adapters.cassandra.segment_merge import Observed, merged
from adapters.cassandra.session import CassandraSession
from adapters.cassandra.statements import Cql
from application.errors import Unfinished
from application.ports.class_readings import ClassFilter, place_of
from application.ports.reading_query import StoredReading
from domain.identifiers import DevEui

_AHEAD = 4
"""Buckets read at once, each with all of its shards; a session sends no more than it may."""
_CHUNK = 1_000
_PAGE = 50
"""Segments of one shard at once: at most 12,500 observations, some 250 kB compressed."""
_S = 1_000_000_000
_LEAST_NS, _MOST_NS = -(1 << 63), (1 << 63) - 1
"""What a bigint holds."""


class CassandraClassReadings:
    """Looks into all buckets of a span, those without rows too: a read each. So spans should be bounded.

    What is older than its class may be kept is not answered, though the rest of its bucket may keep it: a correction
    that was written under a shorter retention goes before what it corrected, which must not come back.

    Nothing is answered before ``stadtfunk migrate`` has copied all that there was before there were segments: nobody
    could tell what is missing.
    """

    def __init__(self, session: CassandraSession, wall_clock: Callable[[], float] = time.time) -> None:
        """Take the session; ``wall_clock`` tells the seconds since 1970-01-01 UTC."""
        self._session = session
        self._wall_clock = wall_clock
        self._classes = KnownClasses(session)
        self._is_complete = False

    async def stream(self, asked: ClassFilter) -> AsyncIterator[Sequence[StoredReading]]:
        await self._completed()
        chunk: list[StoredReading] = []
        async with aclosing(in_turn(self._buckets(asked), _AHEAD)) as parts:
            async for observed in parts:
                chunk += _wanted(observed, asked)
                while len(chunk) >= _CHUNK:
                    yield chunk[:_CHUNK]
                    chunk = chunk[_CHUNK:]
        if chunk:
            yield chunk

    async def _completed(self) -> None:
        """Return if all readings are there by class.

        Raises:
            Unfinished: they are still being copied.
        """
        if not self._is_complete and not await self._session.read(Cql.READ_COMPONENT, COPIED):
            raise Unfinished(
                "readings by class are not complete: `stadtfunk migrate` has not come to its end; let it, or run it"
                " again, and ask then"
            )
        self._is_complete = True

    async def _buckets(self, asked: ClassFilter) -> AsyncGenerator[AsyncGenerator[list[Observed], None], None]:
        """Yield the observations of each bucket."""
        classes = await self._classes.current(asyncio.get_running_loop().time())
        since_ns = asked.since_ns if asked.after is None else max(asked.since_ns, asked.after[0])
        since_ns, until_ns = max(since_ns, _LEAST_NS), min(asked.until_ns, _MOST_NS)
        if kept_s := classes.kept_s(asked.data_class):
            since_ns = max(since_ns, (int(self._wall_clock()) - kept_s) * _S)
        for start_s, shards in classes.layouts(asked.data_class).buckets(since_ns, until_ns):
            read = READ[asked.data_class]
            pages = [self._session.pages(read, (start_s, shard, until_ns), size=_PAGE) for shard in range(shards)]
            yield merged(pages, since_ns, until_ns)


def _wanted(observed: Sequence[Observed], asked: ClassFilter) -> list[StoredReading]:
    readings = (stored_readings(DevEui(device), event_ns, cells) for event_ns, device, cells in observed)
    return sorted(filter(asked.takes, chain.from_iterable(readings)), key=place_of)
