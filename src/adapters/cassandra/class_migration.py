"""The data classes in a migration: their layouts, and what a keyspace held before it had segments by class.

A layout that the settings change is for events of the day after tomorrow (UTC) and later: every process hears of it
before its first event (``class_tables.KnownClasses``), and no bucket has two layouts.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from typing import cast

from cassandra.cluster import Session

from adapters.cassandra.cells import stored_readings, told
from adapters.cassandra.class_layout import FIRST_DAY, ClassLayout, Layouts, LayoutSince
from adapters.cassandra.class_tables import COPIED, Classes, KnownClasses
from adapters.cassandra.connection import connected, disconnect
from adapters.cassandra.days import day_of
from adapters.cassandra.former_tables import FormerRow, FormerTables
from adapters.cassandra.rows import Row, integer, valued
from adapters.cassandra.segments import Segments
from adapters.cassandra.session import CassandraSession
from adapters.cassandra.settings import ClusterSettings
from adapters.cassandra.statements import Cql
from application.ports.reading_query import StoredReading
from domain.identifiers import DevEui
from domain.observation import DataClass, Observation
from domain.rfc3339 import format_rfc3339

_S = 1_000_000_000
_NOTICE_DAYS = 2
"""From today: a full day at least until the first event of a new layout."""
_FILLED = "classes"
"""The component of ``schema_version`` that said in versions 5 and 6 that the rows by class were complete."""
_AT_ONCE = 5_000
"""Rows of ``observations`` read at once."""


def lay_out(session: Session, keyspace: str, layouts: Mapping[DataClass, ClassLayout], now_s: int) -> list[str]:
    """Store ``layouts``, where they differ from those there are, and return what that means."""
    known = list(session.execute(Cql.READ_CLASS_LAYOUTS.format(keyspace=keyspace)))
    write = session.prepare(Cql.WRITE_CLASS_LAYOUT.format(keyspace=keyspace))
    day = day_of(now_s * _S) + _NOTICE_DAYS
    done: list[str] = []
    for data_class, layout in layouts.items():
        ours = [LayoutSince(since, ClassLayout(*rest)) for name, since, *rest in known if name == data_class]
        if ours and Layouts(ours).of_day(day) == layout:
            continue
        since_day = day if ours else FIRST_DAY
        session.execute(write, (data_class.value, since_day, layout.bucket_s, layout.shards))
        done.append(f"class {data_class.value}: {_words(layout)}{_since(since_day)}")
    return done


def _words(layout: ClassLayout) -> str:
    return f"buckets of {layout.bucket_s} s in {layout.shards} shards (up to {layout.most_per_s:,} observations/s)"


def _since(day: int) -> str:
    return "" if day == FIRST_DAY else f", for events from {format_rfc3339(day * 86_400 * _S)} on"


async def fill(settings: ClusterSettings) -> list[str]:
    """Copy what there was before there were segments into them, unless that was done; return what it was.

    Copied are the rows by class of versions 5 and 6, whose tables then go, and all observations where those tables
    never had them. All keep their write times, so what was written meanwhile stays. Ended in the middle, all is
    copied again: a table goes only after it is noted that nothing is left to copy.
    """
    driver = await asyncio.to_thread(connected, settings)
    try:
        former = FormerTables(driver, settings)
        async with CassandraSession(settings) as session:
            if await session.read(Cql.READ_COMPONENT, COPIED):
                done = []
            else:
                done = await _copy(session, former)
                await session.write([Row(Cql.WRITE_SCHEMA_VERSION, b"", valued(COPIED.encode(), integer(1)))])
        for table in await former.names():
            await former.drop(table)
            done.append(f"{table}: dropped")
        return done
    finally:
        await asyncio.to_thread(disconnect, driver)


async def _copy(session: CassandraSession, former: FormerTables) -> list[str]:
    classes = await KnownClasses(session).current(0.0)
    copied = {table: await _copied(session, classes, former.pages(table)) for table in await former.names()}
    if not await session.read(Cql.READ_COMPONENT, _FILLED):
        pages = cast("AsyncIterator[Sequence[FormerRow]]", session.pages(Cql.READ_OBSERVATIONS, (), size=_AT_ONCE))
        copied["observations"] = await _copied(session, classes, pages)
    return [f"segments by class: {number} rows of {table} copied" for table, number in copied.items() if number]


async def _copied(session: CassandraSession, classes: Classes, pages: AsyncIterator[Sequence[FormerRow]]) -> int:
    """Write all rows by class, those that come together into common segments; return how many they were."""
    copied = 0
    async for page in pages:
        if not page:
            continue
        await session.write(_segments(page, classes))
        copied += len(page)
    return copied


def _segments(page: Sequence[FormerRow], classes: Classes) -> Iterator[Row]:
    segments = Segments(classes, int(time.time()))
    for device, event_ns, cells in page:
        for observation in _observations(stored_readings(DevEui(device), event_ns, cells)):
            yield from segments.add(observation, told(observation))
    yield from segments.rest()


def _observations(readings: Sequence[StoredReading]) -> list[Observation]:
    """Return one observation for each origin of the readings of a row."""
    origins: dict[tuple[object, ...], list[StoredReading]] = {}
    for each in readings:
        origin = (each.written_us, each.time_origin, each.uncertainty_ms, each.decoder, each.source, each.f_cnt)
        origins.setdefault((*origin, each.device_type), []).append(each)
    return [_observation(some) for some in origins.values()]


def _observation(some: Sequence[StoredReading]) -> Observation:
    first = some[0]
    return Observation(
        first.dev_eui,
        first.event_ns,
        first.written_us,
        tuple([each.reading for each in some]),
        first.time_origin,
        first.uncertainty_ms,
        first.device_type,
        first.decoder,
        first.source,
        first.f_cnt,
    )
