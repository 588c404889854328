"""Migrations that meet, and migrations that are killed: nothing is missing, and nobody waits for the dead for long."""

import asyncio
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from uuid import uuid4

import msgspec
import pytest

from adapters.cassandra.class_readings import CassandraClassReadings
from adapters.cassandra.migration import CassandraMigration
from adapters.cassandra.migration_turn import MigrationTurn, Turn
from adapters.cassandra.observation_store import CassandraObservationStore
from adapters.cassandra.session import CassandraSession
from adapters.cassandra.settings import ClusterSettings
from adapters.cassandra.statements import SCHEMA_VERSION
from application.errors import Fenced
from application.ports.class_readings import ClassFilter
from domain.observation import DataClass
from tests.contract.class_readings import streamed
from tests.integration.cassandra.conftest import migration, settings_for
from tests.integration.cassandra.cql import cql
from tests.integration.cassandra.migrating import COPIED, PAGE, TURN
from tests.support.builders import NOON_NS, NS, an_observation
from tests.support.eventually import soon
from tools.services.address import CassandraAddress

pytestmark = [pytest.mark.integration, pytest.mark.timeout(120)]

STATES = 6 * PAGE


@pytest.fixture
def own(cassandra: CassandraAddress) -> Iterator[ClusterSettings]:
    """Settings for a keyspace of the test's own, which is not there yet."""
    settings = settings_for(cassandra, f"tests_{uuid4().hex}")
    yield settings
    cql(settings, "DROP KEYSPACE IF EXISTS {keyspace}")


def hasty(settings: ClusterSettings, turn: Turn = TURN) -> CassandraMigration:
    """Return a migration whose turn ends soon after it."""
    return CassandraMigration(settings, replication={settings.local_dc: 1}, turn=turn)


async def of_version_7(settings: ClusterSettings) -> None:
    """Make a keyspace with a partition for each of many states."""
    await hasty(settings).migrate()
    cql(settings, "CREATE TABLE {keyspace}.device_states (device text PRIMARY KEY, state text)")
    cql(settings, "INSERT INTO {keyspace}.schema_version (component, version) VALUES ('tables', 7)")
    rows = (f"('{number:016x}', '{number}')" for number in range(STATES))
    insert = "INSERT INTO {keyspace}.device_states (device, state) VALUES"
    cql(settings, f"BEGIN UNLOGGED BATCH {' '.join(f'{insert} {row};' for row in rows)} APPLY BATCH")


def states(settings: ClusterSettings) -> set[object]:
    """Return whose states stand where they belong."""
    return {device for (device,) in cql(settings, "SELECT device FROM {keyspace}.states")}


def version(settings: ClusterSettings) -> object:
    """Return the version that the keyspace says it has."""
    [(found,)] = cql(settings, "SELECT version FROM {keyspace}.schema_version WHERE component = 'tables'")
    return found


@asynccontextmanager
async def migrating(settings: ClusterSettings) -> AsyncIterator[Process]:
    """Start a process that migrates slowly; it is killed at the end, if not before."""
    words = ["-m", "tests.integration.cassandra.migrating", msgspec.json.encode(settings).decode()]
    process = await asyncio.create_subprocess_exec(sys.executable, *words, stdout=PIPE)
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


async def said(process: Process) -> str:
    """Return the next line that it says."""
    assert process.stdout is not None
    return (await asyncio.wait_for(process.stdout.readline(), 30)).decode().strip()


async def copied(process: Process, pages: int) -> None:
    """Wait until it has copied so many pages."""
    assert [await said(process) for _ in range(pages)] == pages * [COPIED]


async def test_of_two_migrations_at_once_each_comes_to_its_end(own: ClusterSettings) -> None:
    await of_version_7(own)
    first, second = await soon(asyncio.gather(hasty(own).migrate(), hasty(own).migrate()), deadline_s=60)
    moved = [f"states: {STATES} of device_states copied", "device_states: dropped"]
    assert sorted([first, second]) == [[], [*moved, f"schema version: 7 → {SCHEMA_VERSION}"]]


async def test_of_two_that_make_a_keyspace_at_once_each_comes_to_its_end(own: ClusterSettings) -> None:
    done = await soon(asyncio.gather(hasty(own).migrate(), hasty(own).migrate()), deadline_s=60)
    assert min(len(each) for each in done) == 0
    assert "schema_version: created" in max(done, key=len)
    await migration(own).check()


async def test_a_keyspace_that_was_dropped_is_made_again(own: ClusterSettings) -> None:
    for _ in range(2):
        assert f"schema version: none → {SCHEMA_VERSION}" in await hasty(own).migrate()
        await migration(own).check()
        cql(own, "DROP KEYSPACE {keyspace}")


async def test_who_waits_for_longer_than_a_dead_one_could_keep_its_turn_is_told_that_one_is_at_work(
    own: ClusterSettings,
) -> None:
    await hasty(own).migrate()
    async with MigrationTurn(own, TURN) as turn:
        with pytest.raises(Fenced, match="another `stadtfunk migrate` is at work in keyspace"):
            await turn.while_had(hasty(own, Turn(life_s=8, patience_s=10.0)).migrate())
    assert await soon(hasty(own).migrate()) == []


async def test_who_lost_the_turn_ends(own: ClusterSettings) -> None:
    await hasty(own).migrate()
    async with MigrationTurn(own, TURN) as turn:
        cql(own, "DELETE FROM {keyspace}.schema_version WHERE component = 'migrating' IF EXISTS")
        with pytest.raises(Fenced, match="lost its turn"):
            await soon(turn.while_had(asyncio.Event().wait()))


async def test_states_of_a_migration_that_was_killed_in_mid_copy_are_all_there_after_the_next(
    own: ClusterSettings,
) -> None:
    await of_version_7(own)
    async with migrating(own) as process:
        await copied(process, 2)
        process.kill()
        await process.wait()
    assert PAGE <= len(states(own)) < STATES
    assert version(own) == 7
    done = await soon(hasty(own).migrate(), deadline_s=30)
    assert f"states: {STATES} of device_states copied" in done
    assert states(own) == {f"{number:016x}" for number in range(STATES)}
    assert version(own) == SCHEMA_VERSION


async def test_readings_by_class_of_a_migration_that_was_killed_in_mid_copy_are_all_there_after_the_next(
    own: ClusterSettings,
) -> None:
    expected = await without_segments(own)
    async with migrating(own) as process:
        await copied(process, 2)
        process.kill()
        await process.wait()
    done = await soon(hasty(own).migrate(), deadline_s=30)
    assert done == [f"segments by class: {STATES} rows of observations copied"]
    async with CassandraSession(own) as session:
        asked = ClassFilter(DataClass.OCCUPANCY, NOON_NS, NOON_NS + STATES * NS)
        found = [each.event_ns for each in await streamed(CassandraClassReadings(session), asked)]
    assert sorted(found) == expected


async def without_segments(settings: ClusterSettings) -> list[int]:
    """Make a keyspace whose many observations are not in segments yet, and return their event times."""
    await hasty(settings).migrate()
    observations = [an_observation(event_ns=NOON_NS + number * NS) for number in range(STATES)]
    async with CassandraSession(settings) as session:
        await CassandraObservationStore(session).write(observations)
    cql(settings, "TRUNCATE {keyspace}.segments_occupancy")
    cql(settings, "DELETE FROM {keyspace}.schema_version WHERE component = 'segments'")
    return [each.event_ns for each in observations]
