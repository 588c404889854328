"""A node that stops, dies and comes back under an open session."""

import asyncio
import signal
from collections.abc import AsyncIterator, Iterator

import pytest
from msgspec.structs import replace

from adapters.cassandra.observation_store import CassandraObservationStore
from adapters.cassandra.reading_query import CassandraReadingQuery
from adapters.cassandra.session import CassandraSession
from adapters.cassandra.settings import ClusterSettings
from application.errors import Unavailable
from application.ports.reading_query import ReadingFilter
from domain.identifiers import DevEui
from tests.contract.devices import a_fresh_device
from tests.integration.cassandra.conftest import migration, settings_for
from tests.support.builders import NOON_NS, an_observation
from tests.support.eventually import eventually, soon
from tools.services.address import CassandraAddress
from tools.services.cassandra import Cassandra
from tools.services.workspace import workspace

pytestmark = pytest.mark.integration

WAIT_S = 240.0
"""For a node to start while others are at work on this machine."""
EVER = ReadingFilter(-(2**62), 2**62)


@pytest.fixture(scope="module")
def node() -> Iterator[Cassandra]:
    """A node of our own."""
    with workspace() as folder, Cassandra(folder) as node:
        yield node


@pytest.fixture(scope="module")
def patient(node: Cassandra) -> ClusterSettings:
    """Settings that repeat a request after a second."""
    settings = settings_for(CassandraAddress(node.host, node.port, node.datacenter), "outage")
    asyncio.run(migration(settings).migrate())
    return replace(settings, request_timeout_s=1.0, write_deadline_s=WAIT_S, read_deadline_s=WAIT_S)


@pytest.fixture
async def session(patient: ClusterSettings) -> AsyncIterator[CassandraSession]:
    """A session that waits for a node to start."""
    async with CassandraSession(patient) as session:
        yield session


async def times(session: CassandraSession, device: DevEui) -> list[int]:
    """Return the instants stored of a device, after noon."""
    found = await CassandraReadingQuery(session).page(device, EVER, size=1_000)
    return [each.event_ns - NOON_NS for each in found]


async def test_what_is_written_while_a_node_stands_still_is_stored_when_it_goes_on(
    node: Cassandra, session: CassandraSession
) -> None:
    device = a_fresh_device()
    store = CassandraObservationStore(session)
    await store.write([an_observation(dev_eui=device)])
    node.send(signal.SIGSTOP)
    batch = [an_observation(dev_eui=device, event_ns=NOON_NS + after) for after in range(1, 200)]
    writing = asyncio.create_task(store.write(batch))
    reading = asyncio.create_task(times(session, device))
    await asyncio.sleep(3.5)  # three attempts time out
    assert not writing.done()
    assert not reading.done()
    node.send(signal.SIGCONT)
    await soon(writing, WAIT_S)
    await soon(reading, WAIT_S)
    assert await times(session, device) == list(range(199, -1, -1))


async def test_a_node_that_stands_still_for_too_long_is_unavailable_by_name(
    node: Cassandra, patient: ClusterSettings
) -> None:
    hasty = replace(patient, write_deadline_s=2.5, read_deadline_s=2.5)
    async with CassandraSession(hasty) as session:
        node.send(signal.SIGSTOP)
        try:
            write = CassandraObservationStore(session).write([an_observation() for _ in range(2_000)])
            with pytest.raises(Unavailable) as written:
                await soon(write, 10)
            with pytest.raises(Unavailable) as read:
                await soon(times(session, a_fresh_device()), 10)
        finally:
            node.send(signal.SIGCONT)
    assert f"127.0.0.1:{node.port}" in written.value.message
    assert f"127.0.0.1:{node.port}" in read.value.message


@pytest.mark.timeout(2 * WAIT_S)
async def test_a_session_outlives_a_node_that_is_killed_and_comes_back(
    node: Cassandra, session: CassandraSession, patient: ClusterSettings
) -> None:
    device = a_fresh_device()
    store = CassandraObservationStore(session)
    await store.write([an_observation(dev_eui=device)])
    async with CassandraSession(replace(patient, write_deadline_s=1.0, read_deadline_s=1.0, lost_after_s=2.0)) as hasty:
        node.kill()
        with pytest.raises(Unavailable, match=f"does not answer at 127.0.0.1:{node.port}"):
            await CassandraObservationStore(hasty).write([an_observation()])
        watching = asyncio.create_task(hasty.watch(asyncio.Event()))
        writing = asyncio.create_task(store.write([an_observation(dev_eui=device, event_ns=NOON_NS + 1)]))
        with pytest.raises(Unavailable, match=f"does not answer at 127.0.0.1:{node.port}"):
            await soon(watching)
    await asyncio.to_thread(node.start)
    await soon(writing, WAIT_S)
    await eventually(lambda: times(session, device), [1, 0])
