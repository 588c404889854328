"""What observations leave in Cassandra's tables, beyond what any store promises."""

import logging
from random import Random

import pytest

from adapters.cassandra.observation_store import CassandraObservationStore
from adapters.cassandra.session import CassandraSession
from adapters.cassandra.settings import ClusterSettings
from application.errors import WrongShape
from application.ports.observation_store import ObservationStore
from application.ports.reading_query import ReadingFilter, ReadingQuery
from domain.identifiers import DevEui
from domain.observation import Observation
from tests.contract.devices import a_fresh_device
from tests.integration.cassandra.cql import cql, traced
from tests.support.builders import NOON_NS, a_reading, an_observation

pytestmark = pytest.mark.integration

EVER = ReadingFilter(-(2**62), 2**62)
DAY_NS = 86_400 * 1_000_000_000
NOON_DAY = NOON_NS // DAY_NS
NOON_US = NOON_NS // 1_000


def learned(device: DevEui, after_us: int, *channels: str) -> Observation:
    """Return what was learned ``after_us`` after noon of a meter's registers at noon."""
    readings = [a_reading("electricity.energy.active.import", channel, after_us, -4) for channel in channels]
    return an_observation(*readings, dev_eui=device, written_us=NOON_US + after_us)


async def test_each_cell_has_the_write_time_of_its_own_observation(
    store: ObservationStore, settings: ClusterSettings
) -> None:
    device = a_fresh_device()
    await store.write([learned(device, 7, "1.8.1", "1.8.2")])
    await store.write([learned(device, 9, "1.8.2")])
    where = f"device = '{device}' AND day = {NOON_DAY}"
    rows = cql(settings, f"SELECT WRITETIME(readings) FROM {{keyspace}}.observations WHERE {where}")  # noqa: S608
    assert rows == [([NOON_US + 7, NOON_US + 9],)]


async def test_neither_replays_nor_corrections_leave_tombstones(
    store: ObservationStore, settings: ClusterSettings
) -> None:
    device = a_fresh_device()
    for after_us in (5, 5, 9, 2):
        await store.write([learned(device, after_us, "1.8.1", "1.8.2")])
        await store.write([learned(device, after_us, "1.8.2")])
    where = f"device = '{device}' AND day = {NOON_DAY}"
    events = traced(settings, f"SELECT * FROM {{keyspace}}.observations WHERE {where}")  # noqa: S608
    assert [event for event in events if event.startswith("Read ")] == ["Read 1 live rows and 0 tombstone cells"]


async def test_a_day_stands_in_the_index_once(store: ObservationStore, settings: ClusterSettings) -> None:
    device = a_fresh_device()
    instants = [NOON_NS, NOON_NS + 1, NOON_NS + DAY_NS, NOON_NS - 20_000 * DAY_NS]
    await store.write([an_observation(dev_eui=device, event_ns=event_ns) for event_ns in instants])
    await store.write([an_observation(dev_eui=device, event_ns=NOON_NS + 2)])
    days = cql(settings, f"SELECT day FROM {{keyspace}}.observation_days WHERE device = '{device}'")  # noqa: S608
    assert days == [(NOON_DAY + 1,), (NOON_DAY,), (NOON_DAY - 20_000,)]


async def test_an_observation_without_readings_leaves_nothing(
    store: ObservationStore, settings: ClusterSettings
) -> None:
    device = a_fresh_device()
    await store.write([Observation(device, NOON_NS, NOON_US, ())])
    assert cql(settings, f"SELECT day FROM {{keyspace}}.observation_days WHERE device = '{device}'") == []  # noqa: S608


async def test_a_register_may_be_larger_than_64_bits(store: ObservationStore, query: ReadingQuery) -> None:
    device = a_fresh_device()
    await store.write([an_observation(a_reading("m", "", 10**25 + 1), dev_eui=device)])
    [read_back] = await query.page(device, EVER, size=10)
    assert read_back.reading.value == 10**25 + 1


async def test_a_channel_may_hold_any_text(store: ObservationStore, query: ReadingQuery) -> None:
    device = a_fresh_device()
    channels = ["", "/", "1/2", "kälte ❄", "\n'\""]
    await store.write([an_observation(*(a_reading("m", channel) for channel in channels), dev_eui=device)])
    assert [each.reading.channel for each in await query.page(device, EVER, size=10)] == sorted(channels)


async def test_a_range_beyond_64_bits_asks_for_all_there_is(store: ObservationStore, query: ReadingQuery) -> None:
    device = a_fresh_device()
    await store.write([an_observation(dev_eui=device)])
    assert len(await query.page(device, ReadingFilter(-(10**30), 10**30), size=10)) == 1


async def test_batches_stay_below_what_a_node_as_it_comes_warns_of(
    session: CassandraSession, caplog: pytest.LogCaptureFixture
) -> None:
    random = Random(1)
    observations = [
        learned(a_fresh_device(), number, *(str(channel) for channel in range(random.choice((1, 2, 9, 40)))))
        for number in range(200)
    ]
    of_one = [an_observation(dev_eui=a_fresh_device(), event_ns=NOON_NS + number) for number in range(200)]
    with caplog.at_level(logging.WARNING, "cassandra"):
        await CassandraObservationStore(session).write([*observations, *of_one])
    assert caplog.messages == []


async def test_a_cell_of_a_later_version_is_refused_by_name(query: ReadingQuery, settings: ClusterSettings) -> None:
    device = a_fresh_device()
    cql(settings, f"INSERT INTO {{keyspace}}.observation_days (device, day) VALUES ('{device}', 5)")  # noqa: S608
    where = f"device = '{device}' AND day = 5 AND event_ns = {5 * DAY_NS}"
    cell = "readings['m/c'] = '\"v2\"'"
    cql(settings, f"UPDATE {{keyspace}}.observations SET {cell} WHERE {where}")  # noqa: S608
    with pytest.raises(WrongShape, match=f"observation of {device} at {5 * DAY_NS}, cell m/c cannot be read"):
        await query.page(device, EVER, size=10)
