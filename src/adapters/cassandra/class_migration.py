"""The data classes in a migration: their layouts, and the rows of a keyspace that had no tables by class.

A layout that the settings change is for events of the day after tomorrow (UTC) and later: every process hears of it
before its first event (``class_tables.KnownClasses``), and no bucket has two layouts.
"""

import time
from collections.abc import Mapping, Sequence
from typing import cast

from cassandra.cluster import Session

from adapters.cassandra.cells import stored_readings
from adapters.cassandra.class_layout import FIRST_DAY, ClassLayout, Layouts, LayoutSince
from adapters.cassandra.class_tables import Classes, KnownClasses
from adapters.cassandra.days import day_of
from adapters.cassandra.observation_rows import rows_of
from adapters.cassandra.rows import Row, integer
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
"""The component of ``schema_version`` that says that the tables by class have what was there before them."""
_AT_ONCE = 500
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
    return f"buckets of {layout.bucket_s} s in {layout.shards} shards (up to {layout.most_rows_per_s:,} rows/s)"


def _since(day: int) -> str:
    return "" if day == FIRST_DAY else f", for events from {format_rfc3339(day * 86_400 * _S)} on"


async def fill(settings: ClusterSettings) -> list[str]:
    """Copy all observations into the tables by class, unless that was done; return how many they were.

    They keep their write times, so what was written there meanwhile stays; ended in the middle, all is copied again.
    """
    async with CassandraSession(settings) as session:
        if await session.read(Cql.READ_COMPONENT, _FILLED):
            return []
        classes = await KnownClasses(session).current(0.0)
        copied = 0
        async for page in session.pages(Cql.READ_OBSERVATIONS, (), size=_AT_ONCE):
            found = cast("Sequence[tuple[str, int, Mapping[str, str]]]", page)
            await session.write([row for each in found for row in _class_rows(*each, classes)])
            copied += len(found)
        await session.write([Row(Cql.WRITE_SCHEMA_VERSION, b"", [_FILLED.encode(), integer(1)])])
        return [f"tables by class: {copied} observations copied"] if copied else []


def _class_rows(device: str, event_ns: int, cells: Mapping[str, str], classes: Classes) -> list[Row]:
    now_s = int(time.time())
    readings = stored_readings(DevEui(device), event_ns, cells)
    return [row for observation in _observations(readings) for row in rows_of(observation, classes, now_s)[1]]


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
