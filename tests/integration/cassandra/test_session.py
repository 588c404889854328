"""What a session does with large results, many requests and people who leave."""

import asyncio

import pytest
from msgspec.structs import replace

from adapters.cassandra.device_registry import CassandraDeviceRegistry
from adapters.cassandra.observation_store import CassandraObservationStore
from adapters.cassandra.session import CassandraSession
from adapters.cassandra.settings import ClusterSettings
from adapters.cassandra.statements import Cql
from application.ports.observation_store import ObservationStore
from application.ports.reading_query import ReadingFilter, ReadingQuery
from domain.device import Device
from tests.contract.devices import a_fresh_device
from tests.integration.cassandra.cql import cql
from tests.support.builders import NOON_NS, a_device, an_observation
from tests.support.eventually import soon

pytestmark = pytest.mark.integration

DAY_NS = 86_400 * 1_000_000_000
EVER = ReadingFilter(-(2**62), 2**62)


async def test_a_result_comes_in_pages_of_the_size_asked_for(
    store: ObservationStore, session: CassandraSession
) -> None:
    device = a_fresh_device()
    await store.write([an_observation(dev_eui=device, event_ns=NOON_NS + number) for number in range(25)])
    values = (device, NOON_NS // DAY_NS, 0, 2**62)
    pages = [page async for page in session.pages(Cql.READ_OBSERVATIONS_OLDEST_FIRST, values, size=10)]
    assert [len(page) for page in pages] == [10, 10, 5]
    assert [row[0] for page in pages for row in page] == [NOON_NS + number for number in range(25)]


async def test_a_small_result_is_whole_even_when_it_is_not_small(
    store: ObservationStore, session: CassandraSession
) -> None:
    device = a_fresh_device()
    await store.write([an_observation(dev_eui=device, event_ns=NOON_NS + number) for number in range(2_345)])
    rows = await session.read(Cql.READ_OBSERVATIONS_OLDEST_FIRST, device, NOON_NS // DAY_NS, 0, 2**62)
    assert len(rows) == 2_345


async def test_more_requests_than_may_be_in_flight_take_turns(settings: ClusterSettings) -> None:
    async with CassandraSession(replace(settings, in_flight=2)) as session:
        devices = [a_fresh_device() for _ in range(300)]
        store, registry = CassandraObservationStore(session), CassandraDeviceRegistry(session)
        await store.write([an_observation(dev_eui=device) for device in devices])
        await registry.register([a_device(device) for device in devices])
        found = await asyncio.gather(*[registry.get(device) for device in devices])
        assert [device.dev_eui for device in found] == devices


async def test_pages_of_many_devices_join_without_gap_or_repeat(session: CassandraSession) -> None:
    registry = CassandraDeviceRegistry(session)
    mine = {device: a_device(device, device_type="many") for device in (a_fresh_device() for _ in range(500))}
    await registry.register(list(mine.values()))
    for size in (37, 499, 500, 2_000):
        found: list[Device] = []
        while page := await registry.page(size=size, after=found[-1].dev_eui if found else "", device_type="many"):
            found += page
        assert found == [mine[device] for device in sorted(mine)]


async def test_who_leaves_a_stream_early_leaves_nothing_behind(store: ObservationStore, query: ReadingQuery) -> None:
    devices = [a_fresh_device() for _ in range(8)]
    await store.write(
        [
            an_observation(dev_eui=device, event_ns=NOON_NS + day * DAY_NS + number)
            for device in devices
            for day in range(6)
            for number in range(40)
        ]
    )
    chunks = query.stream(devices, EVER)
    assert len(await anext(chunks)) == 240
    await soon(chunks.aclose())  # type: ignore[attr-defined]
    assert len(asyncio.all_tasks()) == 1


async def test_a_write_that_is_given_up_leaves_the_session_usable(store: ObservationStore, query: ReadingQuery) -> None:
    device = a_fresh_device()
    many = [an_observation(dev_eui=a_fresh_device()) for _ in range(2_000)]
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(store.write(many), 0.001)
    await store.write([an_observation(dev_eui=device)])
    assert len(await query.page(device, EVER, size=10)) == 1


async def test_a_watch_ends_when_it_is_told_to(session: CassandraSession) -> None:
    stop = asyncio.Event()
    watching = asyncio.create_task(session.watch(stop))
    await asyncio.sleep(0.05)
    assert not watching.done()
    stop.set()
    await soon(watching)


async def test_statements_that_a_node_forgot_are_told_to_it_again(
    settings: ClusterSettings, store: ObservationStore, query: ReadingQuery
) -> None:
    for table in ("observations", "observation_days"):
        cql(settings, f"ALTER TABLE {{keyspace}}.{table} ADD added_by_hand int")
    assert not remembered(settings)
    device = a_fresh_device()
    await store.write([an_observation(dev_eui=device, event_ns=NOON_NS + number) for number in range(200)])
    assert len(remembered(settings)) == 2
    found = {each.event_ns async for chunk in query.stream([device], EVER) for each in chunk}
    assert len(found) == 200


def remembered(settings: ClusterSettings) -> list[str]:
    """Return which of the statements that write observations a node has prepared."""
    known = [str(text) for (text,) in cql(settings, "SELECT query_string FROM system.prepared_statements")]
    ours = [each.format(keyspace=settings.keyspace) for each in (Cql.WRITE_OBSERVATION, Cql.WRITE_DAY)]
    return [each for each in ours if each in known]
