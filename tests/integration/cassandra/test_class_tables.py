"""What observations leave in the tables by data class, and how those change with the settings."""

import asyncio
from collections.abc import AsyncIterator, Iterator, Sequence
from typing import cast
from uuid import uuid4

import pytest

from adapters.cassandra.class_layout import ClassLayout
from adapters.cassandra.migration import CassandraMigration
from adapters.cassandra.observation_store import CassandraObservationStore
from adapters.cassandra.session import CassandraSession
from adapters.cassandra.settings import ClusterSettings, TableSettings
from adapters.cassandra.statements import SCHEMA_VERSION
from domain.observation import DataClass
from tests.contract.devices import a_fresh_device
from tests.integration.cassandra.conftest import migration, settings_for
from tests.integration.cassandra.cql import cql
from tests.support.builders import NOON_NS, a_reading, an_observation
from tools.services.address import CassandraAddress

pytestmark = pytest.mark.integration

DAY_S = 86_400
S = 1_000_000_000
NOON_S = NOON_NS // S
METER = a_reading("electricity.energy.active.import", "", 5, -4)
BATTERY = a_reading("device.battery.level", "", 90.0)
PERSONAL, INFRASTRUCTURE = DataClass.METER_PERSONAL, DataClass.INFRASTRUCTURE


@pytest.fixture
def own(cassandra: CassandraAddress) -> Iterator[ClusterSettings]:
    """Settings for a keyspace of the test's own."""
    settings = settings_for(cassandra, f"tests_{uuid4().hex}")
    yield settings
    cql(settings, "DROP KEYSPACE IF EXISTS {keyspace}")


@pytest.fixture
async def migrated(own: ClusterSettings) -> AsyncIterator[CassandraSession]:
    """A session with that keyspace, whose meters are kept for 100 days and devices' own readings for ever."""
    await kept(own, 100).migrate()
    async with CassandraSession(own) as session:
        yield session


def kept(settings: ClusterSettings, days: int, *, today_s: int = NOON_S, shards: int = 16) -> CassandraMigration:
    """Return a migration that keeps readings of households for some days, and spreads them."""
    return CassandraMigration(
        settings,
        replication={settings.local_dc: 1},
        tables={"class_meter_personal": TableSettings(time_to_live_s=days * DAY_S)},
        layouts={PERSONAL: ClassLayout(600, shards)},
        wall_clock=lambda: today_s,
    )


def rows(settings: ClusterSettings, data_class: DataClass, columns: str = "start_s, shard") -> list[tuple[object, ...]]:
    """Return columns of all rows of a class."""
    return cql(settings, f"SELECT {columns} FROM {{keyspace}}.class_{data_class.value}")  # noqa: S608


def days_left(found: Sequence[tuple[object, ...]]) -> list[list[int]]:
    """Return times to live in days, rounded up."""
    return [[-(-left // DAY_S) for left in cast("Sequence[int]", times)] for (times,) in found]


async def test_each_reading_lies_with_its_class_in_a_bucket_of_its_time(
    own: ClusterSettings, migrated: CassandraSession
) -> None:
    device = a_fresh_device()
    await CassandraObservationStore(migrated, lambda: NOON_S).write([an_observation(METER, BATTERY, dev_eui=device)])
    shard = ClassLayout(600, 16).shard(device)
    assert rows(own, PERSONAL) == [(NOON_S, shard)]
    assert rows(own, INFRASTRUCTURE) == [(NOON_S, shard)]
    [(cells,)] = rows(own, PERSONAL, "readings")
    assert list(cells) == ["electricity.energy.active.import/"]  # type: ignore[call-overload]
    assert rows(own, DataClass.OCCUPANCY) == []


async def test_what_is_told_with_something_personal_is_kept_by_device_as_long_as_that(own: ClusterSettings) -> None:
    tables = {"class_meter_personal": 100, "class_infrastructure": 200}
    of_days = {name: TableSettings(time_to_live_s=days * DAY_S) for name, days in tables.items()}
    await CassandraMigration(own, replication={own.local_dc: 1}, tables=of_days).migrate()
    async with CassandraSession(own) as session:
        store = CassandraObservationStore(session, lambda: NOON_S)
        await store.write([an_observation(METER, BATTERY), an_observation(BATTERY, event_ns=NOON_NS + 1)])
    assert days_left(rows(own, PERSONAL, "TTL(readings)")) == [[100]]
    assert days_left(rows(own, INFRASTRUCTURE, "TTL(readings)")) == [[200], [200]]
    assert days_left(cql(own, "SELECT TTL(readings) FROM {keyspace}.observations")) == [[200], [100, 100]]


async def test_what_comes_when_its_time_is_over_is_not_kept_but_counted(
    own: ClusterSettings, migrated: CassandraSession
) -> None:
    store = CassandraObservationStore(migrated, lambda: NOON_S + 100 * DAY_S)
    await store.write([an_observation(METER, BATTERY)])
    assert rows(own, PERSONAL) == []
    assert cql(own, "SELECT device FROM {keyspace}.observations") == []
    assert len(rows(own, INFRASTRUCTURE)) == 1
    assert store.expired == 1


async def test_a_replay_ends_when_the_first_writing_would_have(
    own: ClusterSettings, migrated: CassandraSession
) -> None:
    for now_s in (NOON_S, NOON_S + 50 * DAY_S):
        await CassandraObservationStore(migrated, lambda now_s=now_s: now_s).write([an_observation(METER)])  # type: ignore[misc]
    assert days_left(rows(own, PERSONAL, "TTL(readings)")) == [[100]]


async def test_migrating_says_what_it_did_and_then_that_there_is_nothing_to_do(own: ClusterSettings) -> None:
    created = await kept(own, 100).migrate()
    assert "observations: created" in created
    assert "class meter_personal: buckets of 600 s in 16 shards (up to 1,333 rows/s)" in created
    assert created[-1] == f"schema version: none → {SCHEMA_VERSION}"
    assert await kept(own, 100).migrate() == []
    assert await kept(own, 30).migrate() == ["class_meter_personal: kept 100 days → 30 days"]
    assert await kept(own, 30).migrate() == []


async def test_compaction_that_changes_is_told_by_name(own: ClusterSettings) -> None:
    await migration(own).migrate()
    windows = {"class": "TimeWindowCompactionStrategy", "compaction_window_unit": "DAYS", "compaction_window_size": "2"}
    changed = CassandraMigration(
        own, replication={own.local_dc: 1}, tables={"class_location": TableSettings(windows, 90 * DAY_S)}
    )
    expected = "class_location: compaction Unified → TimeWindow of 2 days, kept for ever → 90 days"
    assert await changed.migrate() == [expected]
    assert await changed.migrate() == []


async def test_another_layout_is_for_events_of_the_day_after_tomorrow_so_that_no_row_is_lost_sight_of(
    own: ClusterSettings,
) -> None:
    await kept(own, 0, shards=16).migrate()
    [said] = await kept(own, 0, shards=1).migrate()
    assert said == (
        "class meter_personal: buckets of 600 s in 1 shards (up to 83 rows/s), for events from 2026-01-03T00:00:00Z on"
    )
    device = a_fresh_device()
    midnight_ns = (NOON_S - NOON_S % DAY_S + 2 * DAY_S) * S
    async with CassandraSession(own) as session:
        for event_ns in (midnight_ns - 1, midnight_ns):
            await CassandraObservationStore(session).write([an_observation(METER, dev_eui=device, event_ns=event_ns)])
    before = ClassLayout(600, 16).shard(device)
    assert sorted(rows(own, PERSONAL)) == [(midnight_ns // S - 600, before), (midnight_ns // S, 0)]
    assert await kept(own, 0, shards=1).migrate() == []


async def test_a_keyspace_of_version_4_keeps_its_data_and_has_them_by_class_too(own: ClusterSettings) -> None:
    await migration(own).migrate()
    device = a_fresh_device()
    async with CassandraSession(own) as session:
        late = an_observation(METER, dev_eui=device, written_us=NOON_NS // 1_000 + 7)
        await CassandraObservationStore(session).write([an_observation(BATTERY, dev_eui=device), late])
    by_class = rows(own, PERSONAL, "event_ns, device, readings, WRITETIME(readings)")
    for table in ("meter_personal", "occupancy", "location", "infrastructure", "layouts"):
        cql(own, f"DROP TABLE {{keyspace}}.class_{table}")
    cql(own, "DELETE FROM {keyspace}.schema_version WHERE component = 'classes'")
    cql(own, "INSERT INTO {keyspace}.schema_version (component, version) VALUES ('tables', 4)")
    done = await migration(own).migrate()
    assert done[-2:] == [f"schema version: 4 → {SCHEMA_VERSION}", "tables by class: 1 observations copied"]
    assert rows(own, PERSONAL, "event_ns, device, readings, WRITETIME(readings)") == by_class
    assert len(rows(own, INFRASTRUCTURE)) == 1
    assert await migration(own).migrate() == []


def test_a_filling_that_was_interrupted_is_done_again(own: ClusterSettings) -> None:
    asyncio.run(migration(own).migrate())
    cql(own, "DELETE FROM {keyspace}.schema_version WHERE component = 'classes'")
    assert asyncio.run(migration(own).migrate()) == []
    stored = cql(own, "SELECT version FROM {keyspace}.schema_version WHERE component = 'classes'")
    assert stored == [(1,)]
