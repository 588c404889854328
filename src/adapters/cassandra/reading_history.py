"""Replaced readings in Cassandra, by device and day as the readings of today."""

import asyncio
import time
from collections.abc import Callable, Iterator, Sequence
from typing import cast

import msgspec

from adapters.cassandra.class_tables import Classes, KnownClasses
from adapters.cassandra.days import day_of
from adapters.cassandra.retention import time_to_live
from adapters.cassandra.rows import Row, bigint, integer, valued
from adapters.cassandra.session import CassandraSession
from adapters.cassandra.statements import Cql
from application.ports.reading_history import Superseded
from application.ports.reading_query import ReadingFilter, StoredReading
from domain.identifiers import DevEui
from domain.observation import data_class_of

_LEAST_NS, _MOST_NS = -(1 << 63), (1 << 63) - 1
"""What a bigint holds."""

_encode = msgspec.json.Encoder(order="deterministic").encode
_decode = msgspec.json.Decoder(StoredReading).decode


class CassandraReadingHistory:
    """One row for each replaced reading; of two keepings of one the later stays."""

    def __init__(self, session: CassandraSession, wall_clock: Callable[[], float] = time.time) -> None:
        """Take the session; ``wall_clock`` tells the seconds since 1970-01-01 UTC."""
        self._session = session
        self._wall_clock = wall_clock
        self._classes = KnownClasses(session)

    async def keep(self, superseded: Sequence[StoredReading], until_us: int) -> None:
        classes = await self._classes.current(asyncio.get_running_loop().time())
        now_s = int(self._wall_clock())
        await self._session.write(row for stored in superseded for row in _rows(stored, until_us, classes, now_s))

    async def believed(self, device: DevEui, asked: ReadingFilter, at_us: int) -> Sequence[StoredReading]:
        return [each.stored for each in await self.kept(device, asked) if each.was_believed(at_us)]

    async def kept(self, device: DevEui, asked: ReadingFilter) -> Sequence[Superseded]:
        since_ns, until_ns = max(asked.since_ns, _LEAST_NS), min(asked.until_ns, _MOST_NS)
        found: list[Superseded] = []
        first, last = day_of(since_ns), day_of(until_ns - 1)
        for (day,) in await self._session.read(Cql.READ_SUPERSEDED_DAYS, device, first, last):
            rows = await self._session.read(Cql.READ_SUPERSEDED, device, day, since_ns, until_ns)
            for replaced_us, body in cast("Sequence[tuple[int, str]]", rows):
                if asked.takes(stored := _decode(body)):
                    found.append(Superseded(stored, replaced_us))
        return found


def _rows(stored: StoredReading, until_us: int, classes: Classes, now_s: int) -> Iterator[Row]:
    """Yield the reading, if it may still be kept, and its day; of two keepings the later written stays."""
    left = time_to_live(stored.event_ns, classes.kept_s(data_class_of(stored.reading.measurand)), now_s)
    if left is None:
        return
    device, day = stored.dev_eui.encode(), integer(day_of(stored.event_ns))
    name = f"{stored.reading.measurand}/{stored.reading.channel}".encode()
    key = [device, day, bigint(stored.event_ns), name, bigint(stored.written_us)]
    yield Row(Cql.WRITE_SUPERSEDED_DAY, device, valued(device, day))
    values = valued(*key, bigint(until_us), _encode(stored), bigint(until_us), left)
    yield Row(Cql.WRITE_SUPERSEDED, device + day, values)
