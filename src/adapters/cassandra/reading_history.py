"""Replaced readings in Cassandra, by device and day as the readings of today."""

from collections.abc import Iterator, Sequence
from typing import cast

import msgspec

from adapters.cassandra.days import day_of
from adapters.cassandra.rows import BatchLimits, Row, bigint, integer, packed
from adapters.cassandra.session import CassandraSession
from adapters.cassandra.statements import Cql
from application.ports.reading_history import Superseded
from application.ports.reading_query import ReadingFilter, StoredReading
from domain.identifiers import DevEui

_LEAST_NS, _MOST_NS = -(1 << 63), (1 << 63) - 1
"""What a bigint holds."""

_encode = msgspec.json.Encoder(order="deterministic").encode
_decode = msgspec.json.Decoder(StoredReading).decode


class CassandraReadingHistory:
    """One row for each replaced reading; of two keepings of one the later stays."""

    def __init__(self, session: CassandraSession, limits: BatchLimits | None = None) -> None:
        self._session = session
        self._limits = limits or BatchLimits()

    async def keep(self, superseded: Sequence[StoredReading], until_us: int) -> None:
        rows = [row for stored in superseded for row in _rows(stored, until_us)]
        await self._session.write(packed(rows, self._limits))

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


def _rows(stored: StoredReading, until_us: int) -> Iterator[Row]:
    """Return the reading, and its day; of two keepings the later stays, for its time stamp is the greater."""
    device, day = stored.dev_eui.encode(), integer(day_of(stored.event_ns))
    name = f"{stored.reading.measurand}/{stored.reading.channel}".encode()
    key = [device, day, bigint(stored.event_ns), name, bigint(stored.written_us)]
    yield Row(Cql.WRITE_SUPERSEDED_DAY, device, [device, day])
    yield Row(Cql.WRITE_SUPERSEDED, device + day, [*key, bigint(until_us), _encode(stored), bigint(until_us)])
