"""Making, checking and refusing a keyspace."""

import asyncio
from collections.abc import Iterator, Mapping
from uuid import uuid4

import msgspec
import pytest

from adapters.cassandra import state_migration
from adapters.cassandra.device_states import CassandraDeviceStates
from adapters.cassandra.migration import CassandraMigration
from adapters.cassandra.session import CassandraSession
from adapters.cassandra.settings import ClusterSettings, TableSettings
from adapters.cassandra.statements import SCHEMA_VERSION
from application.errors import Refused, WrongShape
from domain.device import DeviceState
from domain.identifiers import dev_eui
from tests.integration.cassandra.conftest import migration, settings_for
from tests.integration.cassandra.cql import cql
from tests.support.builders import a_device_state
from tools.services.address import CassandraAddress

pytestmark = pytest.mark.integration
US = 1_767_268_800_000_000
DEVICES = [dev_eui(f"02{number:014x}") for number in range(2)]


@pytest.fixture
def missing(cassandra: CassandraAddress) -> Iterator[ClusterSettings]:
    """Settings for a keyspace that does not exist; a test may make it."""
    settings = settings_for(cassandra, f"tests_{uuid4().hex}")
    yield settings
    cql(settings, "DROP KEYSPACE IF EXISTS {keyspace}")


@pytest.fixture
def migrated(missing: ClusterSettings) -> ClusterSettings:
    """Settings for a keyspace with all tables."""
    asyncio.run(migration(missing).migrate())
    return missing


async def refusal(settings: ClusterSettings) -> str:
    """Return why a keyspace is refused, which the check says in the same words as a session that is opened."""
    with pytest.raises(WrongShape) as checked:
        await migration(settings).check()
    with pytest.raises(WrongShape) as opened:
        async with CassandraSession(settings):
            raise AssertionError
    assert opened.value.message == checked.value.message
    assert "\n" not in checked.value.message
    return checked.value.message


async def test_a_missing_keyspace_is_named_with_its_remedy(missing: ClusterSettings) -> None:
    where = f"{missing.contact_points[0]}:{missing.port}"
    assert await refusal(missing) == (
        f"Cassandra at {where} has no keyspace {missing.keyspace}: run `stadtfunk migrate`"
    )


async def test_missing_tables_are_named(migrated: ClusterSettings) -> None:
    cql(migrated, "DROP TABLE {keyspace}.states")
    assert f"lacks table {migrated.keyspace}.states: run" in await refusal(migrated)
    cql(migrated, "DROP TABLE {keyspace}.devices")
    both = f"lacks tables {migrated.keyspace}.states, {migrated.keyspace}.devices: run"
    assert both in await refusal(migrated)


async def test_an_unfinished_migration_is_refused(migrated: ClusterSettings) -> None:
    cql(migrated, "TRUNCATE {keyspace}.schema_version")
    assert f"has schema version 0, this program needs {SCHEMA_VERSION}: run `stadtfunk migrate`" in await refusal(
        migrated
    )


async def test_a_newer_schema_is_refused_and_left_alone(migrated: ClusterSettings) -> None:
    cql(migrated, "INSERT INTO {keyspace}.schema_version (component, version) VALUES ('tables', 99)")
    expected = f"has schema version 99, this program knows {SCHEMA_VERSION}: run the newer stadtfunk that made it"
    assert expected in await refusal(migrated)
    with pytest.raises(WrongShape, match="run the newer stadtfunk"):
        await migration(migrated).migrate()
    version = "SELECT version FROM {keyspace}.schema_version WHERE component = 'tables'"
    assert cql(migrated, version) == [(99,)]


async def test_a_missing_column_is_refused_when_a_session_is_opened(migrated: ClusterSettings) -> None:
    cql(migrated, "ALTER TABLE {keyspace}.states DROP state")
    with pytest.raises(WrongShape, match=r"Undefined column name state .*; run `stadtfunk migrate`"):
        async with CassandraSession(migrated):
            raise AssertionError


async def test_a_table_that_goes_away_is_no_outage(migrated: ClusterSettings) -> None:
    async with CassandraSession(migrated) as session:
        cql(migrated, "DROP TABLE {keyspace}.states")
        with pytest.raises(WrongShape, match=r"states.*; run `stadtfunk migrate`"):
            await CassandraDeviceStates(session).write([a_device_state()])


async def test_migrating_again_changes_nothing_and_mends_what_is_missing(migrated: ClusterSettings) -> None:
    async with CassandraSession(migrated) as session:
        states = CassandraDeviceStates(session)
        await states.write([a_device_state()])
        cql(migrated, "DROP TABLE {keyspace}.devices")
        await migration(migrated).migrate()
        await migration(migrated).check()
        assert await states.get(a_device_state().dev_eui) == a_device_state()


async def of_version_7(settings: ClusterSettings, *states: DeviceState) -> None:
    """Make a keyspace in which each state has a partition of its own."""
    await migration(settings).migrate()
    cql(settings, "CREATE TABLE {keyspace}.device_states (device text PRIMARY KEY, state text)")
    cql(settings, "INSERT INTO {keyspace}.schema_version (component, version) VALUES ('tables', 7)")
    for state in states:
        row = f"('{state.dev_eui}', '{msgspec.json.encode(state).decode()}')"
        statement = f"INSERT INTO {settings.keyspace}.device_states (device, state) VALUES {row}"  # noqa: S608
        written = f"{statement} USING TIMESTAMP {state.written_us}"
        cql(settings, written.replace("{", "{{").replace("}", "}}"))


async def test_the_states_of_version_7_are_moved_and_a_later_one_stays(
    missing: ClusterSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(state_migration, "_AT_ONCE", 1)  # so there is a second page
    older, moved = a_device_state(DEVICES[0], US, received=1), a_device_state(DEVICES[1], US, received=1)
    newer = a_device_state(DEVICES[0], US + 1, received=2)
    await of_version_7(missing, older, moved)
    assert "has schema version 7" in await refusal(missing)
    cql(missing, "INSERT INTO {keyspace}.schema_version (component, version) VALUES ('tables', 8)")
    async with CassandraSession(missing) as session:
        states = CassandraDeviceStates(session)
        await states.write([newer])
        assert await migration(missing).migrate() == ["states: 2 of device_states copied", "device_states: dropped"]
        assert [await states.get(device) for device in DEVICES] == [newer, moved]
    assert await migration(missing).migrate() == []


async def test_until_all_states_are_moved_the_keyspace_is_refused(
    missing: ClusterSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    await of_version_7(missing, a_device_state(DEVICES[0], US))
    with monkeypatch.context() as killing:
        killing.setattr(state_migration, "execute_concurrent_with_args", killed)
        with pytest.raises(SystemError, match="killed"):
            await migration(missing).migrate()
    assert "has schema version 7" in await refusal(missing)
    await migration(missing).migrate()
    async with CassandraSession(missing) as session:
        assert await CassandraDeviceStates(session).get(DEVICES[0]) == a_device_state(DEVICES[0], US)


def killed(*_: object, **__: object) -> None:
    """Do what a kill does."""
    raise SystemError("killed")


async def test_tables_are_kept_as_the_settings_say_also_when_those_change(missing: ClusterSettings) -> None:
    weeks = {"class": "TimeWindowCompactionStrategy", "compaction_window_size": "7", "compaction_window_unit": "DAYS"}
    year = TableSettings(weeks, 365 * 86_400)
    await migration(missing).migrate()
    assert _kept(missing, "observations") == ("UnifiedCompactionStrategy", 0)
    changed = CassandraMigration(missing, replication={missing.local_dc: 1}, tables={"observations": year})
    await changed.migrate()
    assert _kept(missing, "observations") == ("TimeWindowCompactionStrategy", 365 * 86_400)
    assert _kept(missing, "states") == ("UnifiedCompactionStrategy", 0)


async def test_no_table_waits_for_a_replica_that_stands_still(missing: ClusterSettings) -> None:
    await migration(missing).migrate()
    assert set(_asks_another_after(missing).values()) == {"MIN(99p,50ms)"}
    cql(missing, "ALTER TABLE {keyspace}.states WITH speculative_retry = '99p'")  # as versions before this one made it
    assert await migration(missing).migrate() == ["states: another replica asked after 99p → MIN(99p,50ms)"]
    assert _asks_another_after(missing)["states"] == "MIN(99p,50ms)"


async def test_the_index_of_days_outlives_the_observations(missing: ClusterSettings) -> None:
    tables = {"observations": TableSettings(time_to_live_s=1_000_000)}
    await CassandraMigration(missing, replication={missing.local_dc: 1}, tables=tables).migrate()
    assert _kept(missing, "observation_days") == ("UnifiedCompactionStrategy", 1_000_000 + 2 * 86_400)


async def test_more_copies_than_nodes_are_refused(missing: ClusterSettings) -> None:
    with pytest.raises(Refused, match="data centre 'datacenter1' has too few nodes, 1, for 3 copies"):
        await CassandraMigration(missing, replication={"datacenter1": 3}).migrate()


async def test_copies_of_which_no_quorum_is_left_become_fewer(migrated: ClusterSettings) -> None:
    three = f"{{{{'class': 'NetworkTopologyStrategy', '{migrated.local_dc}': 3}}}}"
    cql(migrated, f"ALTER KEYSPACE {{keyspace}} WITH replication = {three}")
    assert await migration(migrated).migrate() == []
    await migration(migrated).check()


async def test_settings_that_cassandra_does_not_know_are_refused_in_its_words(missing: ClusterSettings) -> None:
    tables = {"observations": TableSettings({"class": "GuessworkCompactionStrategy"})}
    with pytest.raises(Refused, match="GuessworkCompactionStrategy"):
        await CassandraMigration(missing, replication={missing.local_dc: 1}, tables=tables).migrate()


async def test_settings_for_a_table_that_is_not_ours_are_refused(missing: ClusterSettings) -> None:
    tables = {"observation": TableSettings()}
    with pytest.raises(Refused, match="there is no table 'observation', but observations"):
        await CassandraMigration(missing, replication={missing.local_dc: 1}, tables=tables).migrate()


def _asks_another_after(settings: ClusterSettings) -> dict[str, object]:
    where = f"keyspace_name = '{settings.keyspace}'"
    statement = f"SELECT table_name, speculative_retry FROM system_schema.tables WHERE {where}"  # noqa: S608
    return {str(table): after for table, after in cql(settings, statement)}


def _kept(settings: ClusterSettings, table: str) -> tuple[str, object]:
    """Return the compaction strategy and the time to live of a table."""
    where = f"keyspace_name = '{settings.keyspace}' AND table_name = '{table}'"
    statement = f"SELECT compaction, default_time_to_live FROM system_schema.tables WHERE {where}"  # noqa: S608
    [(compaction, time_to_live_s)] = cql(settings, statement)
    assert isinstance(compaction, Mapping)
    return str(compaction["class"]).rpartition(".")[2], time_to_live_s
