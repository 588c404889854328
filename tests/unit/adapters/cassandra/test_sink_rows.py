"""Rows of the sink, put together in one go: their values are what the question marks of the statements stand for."""

from collections.abc import Iterable

import msgspec

from adapters.cassandra.cells import told
from adapters.cassandra.class_layout import ClassLayout, Layouts, LayoutSince
from adapters.cassandra.class_tables import Classes, ClassTable
from adapters.cassandra.device_states import CassandraDeviceStates
from adapters.cassandra.loss_days import CassandraLossDays
from adapters.cassandra.observation_rows import day_row, observation_row
from adapters.cassandra.rows import Row, bigint, integer
from adapters.cassandra.session import CassandraSession
from adapters.cassandra.settings import ClusterSettings
from adapters.cassandra.shards import shard_of
from adapters.cassandra.statements import Cql
from domain.device import DeviceState
from domain.identifiers import dev_eui
from domain.observation import DataClass
from domain.radio import LossDay
from tests.support.builders import NOON_NS, an_observation

DAY = 86_400 * 1_000_000_000


class Session(CassandraSession):
    """Notes what is to be written."""

    def __init__(self) -> None:
        super().__init__(ClusterSettings(contact_points=("nowhere",), local_dc="dc"))
        self.rows: list[Row] = []

    async def write(self, rows: Iterable[Row]) -> None:
        """Note ``rows``."""
        self.rows += rows


def test_an_observation_is_written_by_device_and_day() -> None:
    said = an_observation(event_ns=NOON_NS)
    layouts = Layouts([LayoutSince(0, ClassLayout(600, 4))])
    classes = Classes([ClassTable(Cql.WRITE_SEGMENTS_LOCATION, layouts, 0) for _ in DataClass])
    cells = told(said)
    row = observation_row(said, cells, classes, 0)
    assert row is not None
    device, day = said.dev_eui.encode(), integer(NOON_NS // DAY)
    assert row.values == [bigint(said.written_us), integer(0), cells.cells, device, day, bigint(NOON_NS)]
    assert row.partition == device + day
    assert day_row(row).values == [device, day]


async def test_a_state_is_written_into_the_shard_of_its_device() -> None:
    session = Session()
    device = an_observation().dev_eui
    await CassandraDeviceStates(session).write([DeviceState(device, 5, "type", "meters", "name", NOON_NS, (), ())])
    (row,) = session.rows
    shard = integer(shard_of(device))
    assert (row.partition, row.values[0], row.values[2:]) == (shard, bigint(5), [shard, device.encode()])
    assert row.values[1].startswith(b'{"dev_eui":')


async def test_of_states_that_come_together_the_last_written_is_stored_and_of_two_the_greater_text() -> None:
    session = Session()
    first, second = dev_eui("0000000000000001"), dev_eui("0000000000000002")
    written = (first, 5, "a"), (first, 7, "b"), (first, 6, "c"), (second, 5, "d"), (second, 5, "f"), (second, 5, "e")
    states = [DeviceState(device, us, "type", "meters", name, NOON_NS, (), ()) for device, us, name in written]
    await CassandraDeviceStates(session).write(states)
    assert [msgspec.json.decode(row.values[1])["device_id"] for row in session.rows] == ["b", "f"]


async def test_of_loss_days_that_come_together_the_last_written_is_stored_and_of_two_the_greater_text() -> None:
    session = Session()
    device = an_observation().dev_eui
    written = (1, 5, 10), (1, 7, 11), (1, 6, 12), (2, 5, 13), (2, 5, 15), (2, 5, 14)
    await CassandraLossDays(session).write([LossDay(device, day, "city", us, frames) for day, us, frames in written])
    assert [msgspec.json.decode(row.values[1])["received"] for row in session.rows] == [11, 15]


async def test_a_loss_day_is_written_by_day_and_shard() -> None:
    session = Session()
    device = an_observation().dev_eui
    await CassandraLossDays(session).write([LossDay(device, 20_000, "city", 5, 96)])
    (row,) = session.rows
    day, shard = integer(20_000), integer(shard_of(device))
    assert row.values[0] == bigint(5)
    assert row.values[1].startswith(b'{"dev_eui":')
    assert row.values[2:] == [day, shard, f"{device}/city".encode()]


async def test_loss_days_of_one_shard_and_day_share_a_partition_and_others_none() -> None:
    session = Session()
    device = an_observation().dev_eui
    days = (20_000, "city"), (20_000, "other"), (20_001, "city")
    await CassandraLossDays(session).write([LossDay(device, day, source, 5) for day, source in days])
    first, second, third = (row.partition for row in session.rows)
    assert first == second != third
