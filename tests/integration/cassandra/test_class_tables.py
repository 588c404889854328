"""What observations leave in the tables by data class, and how those change with the settings."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from typing import cast
from uuid import uuid4

import pytest
from cassandra.cqltypes import MapType, UTF8Type

from adapters.cassandra.cells import told
from adapters.cassandra.class_layout import ClassLayout
from adapters.cassandra.class_readings import CassandraClassReadings
from adapters.cassandra.former_tables import FormerTables
from adapters.cassandra.migration import CassandraMigration
from adapters.cassandra.observation_store import CassandraObservationStore
from adapters.cassandra.segments import Part, unpacked
from adapters.cassandra.session import CassandraSession
from adapters.cassandra.settings import ClusterSettings, TableSettings
from adapters.cassandra.statements import SCHEMA_VERSION
from application.errors import Unfinished
from application.ports.class_readings import ClassFilter
from domain.observation import DataClass, Observation
from tests.contract.class_readings import streamed
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
        tables={"segments_meter_personal": TableSettings(time_to_live_s=days * DAY_S)},
        layouts={PERSONAL: ClassLayout(600, shards)},
        wall_clock=lambda: today_s,
    )


def rows(settings: ClusterSettings, data_class: DataClass, columns: str = "start_s, shard") -> list[tuple[object, ...]]:
    """Return columns of all segments of a class."""
    return cql(settings, f"SELECT {columns} FROM {{keyspace}}.segments_{data_class.value}")  # noqa: S608


def parts(settings: ClusterSettings, data_class: DataClass) -> list[Part]:
    """Return what is in the segments of a class."""
    return [part for (body,) in rows(settings, data_class, "body") for part in unpacked(cast("bytes", body))]


def days_left(found: Sequence[tuple[object, ...]]) -> list[list[int]]:
    """Return times to live in days, rounded up."""
    listed = [times if isinstance(times, list) else [times] for (times,) in found]
    return [[-(-left // DAY_S) for left in cast("Sequence[int]", times)] for times in listed]


async def test_each_reading_lies_with_its_class_in_a_bucket_of_its_time(
    own: ClusterSettings, migrated: CassandraSession
) -> None:
    device = a_fresh_device()
    await CassandraObservationStore(migrated, lambda: NOON_S).write([an_observation(METER, BATTERY, dev_eui=device)])
    shard = ClassLayout(600, 16).shard(device)
    assert rows(own, PERSONAL) == [(NOON_S, shard)]
    assert rows(own, INFRASTRUCTURE) == [(NOON_S, ClassLayout(600, 4).shard(device))]
    [part] = parts(own, PERSONAL)
    assert (part.device, part.event_ns) == (device, NOON_NS)
    assert [name for name, _ in part.cells] == ["electricity.energy.active.import/"]
    assert rows(own, DataClass.OCCUPANCY) == []


async def test_what_comes_together_is_one_row_and_no_row_holds_more_than_is_read_at_once(
    own: ClusterSettings, migrated: CassandraSession
) -> None:
    device = a_fresh_device()
    together = [an_observation(METER, dev_eui=device, event_ns=NOON_NS + step) for step in range(600)]
    store = CassandraObservationStore(migrated, lambda: NOON_S)
    for _ in range(2):
        await store.write(together)
    assert [first for (first,) in rows(own, PERSONAL, "event_ns")] == [NOON_NS, NOON_NS + 250, NOON_NS + 500]
    assert [part.event_ns - NOON_NS for part in parts(own, PERSONAL)] == list(range(600))


async def test_a_segment_is_kept_until_the_last_of_its_bucket_may_be_kept_no_longer(
    own: ClusterSettings, migrated: CassandraSession
) -> None:
    await CassandraObservationStore(migrated, lambda: NOON_S).write([an_observation(METER)])
    [(left,)] = rows(own, PERSONAL, "TTL(body)")
    assert 100 * DAY_S + 500 < cast("int", left) <= 100 * DAY_S + 600


async def test_what_is_told_with_something_personal_is_kept_by_device_as_long_as_that(own: ClusterSettings) -> None:
    tables = {"segments_meter_personal": 100, "segments_infrastructure": 200}
    of_days = {name: TableSettings(time_to_live_s=days * DAY_S) for name, days in tables.items()}
    await CassandraMigration(own, replication={own.local_dc: 1}, tables=of_days).migrate()
    async with CassandraSession(own) as session:
        store = CassandraObservationStore(session, lambda: NOON_S + 600)
        await store.write([an_observation(METER, BATTERY), an_observation(BATTERY, event_ns=NOON_NS + 1)])
    assert days_left(rows(own, PERSONAL, "TTL(body)")) == [[100]]
    assert days_left(rows(own, INFRASTRUCTURE, "TTL(body)")) == [[200]]
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
    [(left,)] = rows(own, PERSONAL, "TTL(body)")
    assert 100 * DAY_S < cast("int", left) <= 100 * DAY_S + 600


async def test_what_a_shorter_retention_left_to_a_bucket_is_answered_no_longer(
    own: ClusterSettings, migrated: CassandraSession
) -> None:
    store = CassandraObservationStore(migrated, lambda: NOON_S)
    await store.write([an_observation(METER), an_observation(METER, event_ns=NOON_NS + 60 * S)])
    asked = ClassFilter(PERSONAL, NOON_NS, NOON_NS + 600 * S)
    answers = []
    for after_s in (0, 30, 90):
        by_class = CassandraClassReadings(migrated, lambda after_s=after_s: NOON_S + 100 * DAY_S + after_s)  # type: ignore[misc]
        answers.append(len(await streamed(by_class, asked)))
    assert answers == [2, 1, 0]


async def test_migrating_says_what_it_did_and_then_that_there_is_nothing_to_do(own: ClusterSettings) -> None:
    created = await kept(own, 100).migrate()
    assert "observations: created" in created
    assert "class meter_personal: buckets of 600 s in 16 shards (up to 2,666 observations/s)" in created
    assert created[-1] == f"schema version: none → {SCHEMA_VERSION}"
    assert await kept(own, 100).migrate() == []
    assert await kept(own, 30).migrate() == ["segments_meter_personal: kept 100 days → 30 days"]
    assert await kept(own, 30).migrate() == []


async def test_compaction_that_changes_is_told_by_name(own: ClusterSettings) -> None:
    await migration(own).migrate()
    windows = {"class": "TimeWindowCompactionStrategy", "compaction_window_unit": "DAYS", "compaction_window_size": "2"}
    changed = CassandraMigration(
        own, replication={own.local_dc: 1}, tables={"segments_location": TableSettings(windows, 90 * DAY_S)}
    )
    expected = "segments_location: compaction Unified → TimeWindow of 2 days, kept for ever → 90 days"
    assert await changed.migrate() == [expected]
    assert await changed.migrate() == []


async def test_another_layout_is_for_events_of_the_day_after_tomorrow_so_that_no_row_is_lost_sight_of(
    own: ClusterSettings,
) -> None:
    await kept(own, 0, shards=16).migrate()
    [said] = await kept(own, 0, shards=1).migrate()
    assert said == (
        "class meter_personal: buckets of 600 s in 1 shards (up to 166 observations/s), for events"
        " from 2026-01-03T00:00:00Z on"
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
    by_class = rows(own, PERSONAL, "*")
    for each in DataClass:
        cql(own, f"DROP TABLE {{keyspace}}.segments_{each.value}")
    cql(own, "DROP TABLE {keyspace}.class_layouts")
    cql(own, "DELETE FROM {keyspace}.schema_version WHERE component = 'segments'")
    cql(own, "INSERT INTO {keyspace}.schema_version (component, version) VALUES ('tables', 4)")
    done = await migration(own).migrate()
    copied = "segments by class: 1 rows of observations copied"
    assert done[-2:] == [f"schema version: 4 → {SCHEMA_VERSION}", copied]
    assert rows(own, PERSONAL, "*") == by_class
    assert len(rows(own, INFRASTRUCTURE)) == 1
    assert await migration(own).migrate() == []


async def of_version_6(settings: ClusterSettings, *observations: Observation) -> None:
    """Make a keyspace of what version 6 had, with rows by class, some of which by device are no more."""
    await migration(settings).migrate()
    cql(settings, "DELETE FROM {keyspace}.schema_version WHERE component = 'segments'")
    cql(settings, "INSERT INTO {keyspace}.schema_version (component, version) VALUES ('classes', 1)")
    cql(settings, "INSERT INTO {keyspace}.schema_version (component, version) VALUES ('tables', 6)")
    for each in DataClass:
        columns = "start_s bigint, shard int, event_ns bigint, device text, readings map<text, text>"
        key = "PRIMARY KEY ((start_s, shard), event_ns, device)"
        cql(settings, f"CREATE TABLE {{keyspace}}.class_{each.value} ({columns}, {key})")
    for observation in observations:
        found = told(observation).cells
        cells = MapType.apply_parameters([UTF8Type, UTF8Type]).deserialize(found, 5)
        literal = ", ".join(f"'{name}': '{cell}'" for name, cell in cells.items())
        place = f"600, 0, {observation.event_ns}, '{observation.dev_eui}'"
        columns = "(start_s, shard, event_ns, device, readings)"
        statement = f"INSERT INTO {settings.keyspace}.class_meter_personal {columns} VALUES ({place}, {{{literal}}})"  # noqa: S608
        cql(settings, statement.replace("{", "{{").replace("}", "}}"))


async def test_the_rows_by_class_of_version_6_become_segments_and_their_tables_go(own: ClusterSettings) -> None:
    device = a_fresh_device()
    was = an_observation(METER, dev_eui=device, written_us=NOON_NS // 1_000 + 7)
    await of_version_6(own, was, an_observation(METER, dev_eui=device, event_ns=NOON_NS + 1))
    done = await migration(own).migrate()
    dropped = [f"class_{each.value}: dropped" for each in DataClass]
    copied = "segments by class: 2 rows of class_meter_personal copied"
    assert done == [f"schema version: 6 → {SCHEMA_VERSION}", copied, *dropped]
    assert len(rows(own, PERSONAL)) == 1
    async with CassandraSession(own) as session:
        found = await streamed(CassandraClassReadings(session), ClassFilter(PERSONAL, NOON_NS, NOON_NS + S))
    assert [(each.event_ns - NOON_NS, each.reading, each.written_us) for each in found] == [
        (0, METER, NOON_NS // 1_000 + 7),
        (1, METER, NOON_NS // 1_000),
    ]
    assert await migration(own).migrate() == []


async def test_until_all_is_copied_nothing_is_answered_by_class_and_who_asks_is_told_why(
    own: ClusterSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    await of_version_6(own, an_observation(METER))
    with monkeypatch.context() as killing:
        killing.setattr(CassandraSession, "write", stepped(CassandraSession.write, iter(())))
        with pytest.raises(SystemError, match="killed"):
            await migration(own).migrate()
    asked = ClassFilter(PERSONAL, NOON_NS, NOON_NS + S)
    async with CassandraSession(own) as session:
        by_class = CassandraClassReadings(session)
        with pytest.raises(Unfinished, match="`stadtfunk migrate` has not come to its end"):
            await streamed(by_class, asked)
        await migration(own).migrate()
        assert len(await streamed(by_class, asked)) == 1


async def test_a_migration_that_is_killed_again_and_again_loses_nothing_and_comes_to_an_end(
    own: ClusterSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    await of_version_6(own, an_observation(METER))
    # Before copying; before it is noted as done; before the first table goes; before the second.
    for allowed in (0, 1, 2, 1):
        left = iter(range(allowed))
        with monkeypatch.context() as killing:
            killing.setattr(CassandraSession, "write", stepped(CassandraSession.write, left))
            killing.setattr(FormerTables, "drop", stepped(FormerTables.drop, left))
            with pytest.raises(SystemError, match="killed"):
                await migration(own).migrate()
    left_over = ("occupancy", "location", "infrastructure")
    assert await migration(own).migrate() == [f"class_{name}: dropped" for name in left_over]
    assert [part.event_ns for part in parts(own, PERSONAL)] == [NOON_NS]
    assert await migration(own).migrate() == []


def stepped(work: Callable[..., Awaitable[None]], left: Iterator[int]) -> Callable[..., Awaitable[None]]:
    """Return ``work`` that is done as often as steps are left, and then kills."""

    async def step(*given: object) -> None:
        if next(left, None) is None:
            raise SystemError("killed")
        await work(*given)

    return step


def test_a_filling_that_was_interrupted_is_done_again(own: ClusterSettings) -> None:
    asyncio.run(migration(own).migrate())
    cql(own, "DELETE FROM {keyspace}.schema_version WHERE component = 'segments'")
    assert asyncio.run(migration(own).migrate()) == []
    stored = cql(own, "SELECT version FROM {keyspace}.schema_version WHERE component = 'segments'")
    assert stored == [(1,)]
