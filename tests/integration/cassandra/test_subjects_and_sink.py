"""All sinks by subject together leave the tables as the one sink leaves them, cell by cell and class by class."""

import asyncio
from collections.abc import AsyncIterator, Coroutine, Iterator, Sequence
from random import Random
from uuid import uuid4

import pytest

from adapters.cassandra.class_readings import CassandraClassReadings
from adapters.cassandra.device_registry import CassandraDeviceRegistry
from adapters.cassandra.device_states import CassandraDeviceStates
from adapters.cassandra.loss_days import CassandraLossDays
from adapters.cassandra.observation_store import CassandraObservationStore
from adapters.cassandra.radio_metadata import CassandraRadioMetadata
from adapters.cassandra.session import CassandraSession
from adapters.cassandra.settings import ClusterSettings
from adapters.memory.dead_letters import MemoryDeadLetters
from adapters.memory.derived_feed import MemoryDerivedFeed, MemoryDerivedRecords
from application.connectors import Progress, ResultConnector
from application.ports.class_readings import ClassFilter
from application.ports.derived_feed import Derived
from application.sink import Sink
from application.subject_store import Stores, result_store
from domain.identifiers import DevEui
from domain.observation import MEASURANDS, DataClass, Observation, Subject
from tests.contract.class_readings import streamed
from tests.contract.loss_days import a_loss_day
from tests.contract.row_source import dev_eui_of
from tests.integration.cassandra.conftest import migration, settings_for
from tests.integration.cassandra.cql import cql
from tests.support.builders import NOON_NS, NS, a_device, a_device_state, a_reading, an_observation
from tests.support.clock import FakeClock
from tests.support.eventually import soon, until
from tools.services.address import CassandraAddress

pytestmark = pytest.mark.integration
TABLES = ("observations", "observation_days", "states", "devices", "devices_by_type", "loss_days")
_DEVICES = 5


@pytest.fixture(scope="module")
def keyspaces(cassandra: CassandraAddress) -> Iterator[tuple[ClusterSettings, ClusterSettings]]:
    """Two keyspaces with all tables."""
    both = tuple(settings_for(cassandra, f"tests_{uuid4().hex}") for _ in range(2))
    for settings in both:
        asyncio.run(migration(settings).migrate())
    yield both[0], both[1]
    for settings in both:
        cql(settings, "DROP KEYSPACE {keyspace}")


@pytest.fixture
async def sessions(
    keyspaces: tuple[ClusterSettings, ClusterSettings],
) -> AsyncIterator[tuple[CassandraSession, CassandraSession]]:
    """A session with each."""
    async with CassandraSession(keyspaces[0]) as first, CassandraSession(keyspaces[1]) as second:
        yield first, second


def a_city() -> Sequence[Derived]:
    """Return batches about some devices, with readings of all subjects mixed and contradicting each other."""
    random, batches = Random(7), []
    for number in range(20):
        observations = [_an_observation(random) for _ in range(25)]
        device = DevEui(dev_eui_of(number % _DEVICES))
        states, devices = [a_device_state(device, number)], [a_device(device, number)]
        batches.append(Derived(observations, states, devices, losses=[a_loss_day(device)]))
    return batches


def _an_observation(random: Random) -> Observation:
    names = random.choices([*MEASURANDS, "tomorrow.thing"], k=random.randint(1, 5))
    readings = [a_reading(name, random.choice(["", "1"]), random.randint(0, 9)) for name in names]
    second, written = random.randint(0, 3), random.randint(0, 3)
    device = dev_eui_of(random.randrange(_DEVICES))
    return an_observation(
        *readings, dev_eui=device, event_ns=NOON_NS + second * NS, written_us=NOON_NS // 1_000 + written
    )  # fmt: skip


def stores_of(session: CassandraSession) -> Stores:
    """Return the stores of a keyspace."""
    return Stores(
        CassandraObservationStore(session),
        CassandraDeviceStates(session),
        CassandraDeviceRegistry(session),
        CassandraLossDays(session),
        CassandraRadioMetadata(session),
    )


async def published() -> MemoryDerivedRecords:
    """Return the city's records, of which nothing is stored yet."""
    records = MemoryDerivedRecords()
    for batch in a_city():
        await records.publish(batch)
    return records


async def test_the_tables_are_the_same(
    keyspaces: tuple[ClusterSettings, ClusterSettings], sessions: tuple[CassandraSession, CassandraSession]
) -> None:
    whole, parted = stores_of(sessions[0]), stores_of(sessions[1])
    records = await published()
    feed = MemoryDerivedFeed(records)
    letters = MemoryDeadLetters()
    sink = Sink(feed, whole.observations, whole.states, whole.devices, letters, whole.losses)
    await _run_to_its_end(sink.run(), feed, records)
    for subject in reversed(Subject):
        records = await published()
        feed = MemoryDerivedFeed(records)
        connector = ResultConnector(feed, result_store(subject, parted), letters, Progress(FakeClock()))
        await _run_to_its_end(connector.run(), feed, records)
    for table in TABLES:
        query = f"SELECT * FROM {{keyspace}}.{table}"  # noqa: S608  names of our own
        rows = [sorted(map(repr, cql(each, query))) for each in keyspaces]
        assert rows[0] == rows[1], table
        assert rows[0], table
    for data_class in DataClass:
        asked = ClassFilter(data_class, NOON_NS, NOON_NS + 4 * NS)
        answers = [await streamed(CassandraClassReadings(each), asked) for each in sessions]
        assert answers[0] == answers[1], data_class
        assert answers[0], data_class
    assert cql(keyspaces[0], "SELECT * FROM {keyspace}.radio_metadata") == []


async def _run_to_its_end(
    running: Coroutine[object, object, None], feed: MemoryDerivedFeed, records: MemoryDerivedRecords
) -> None:
    task = asyncio.ensure_future(running)
    await until(lambda: records.committed == len(records.batches) or task.done())
    await feed.stop()
    await soon(task)
