"""Tables of somebody else's keyspace keep the contract of row sources, and what only Cassandra can get wrong."""

import asyncio
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from uuid import uuid4

import pytest
from cassandra.cluster import Cluster, Session
from cassandra.io.libevreactor import LibevConnection
from msgspec.structs import replace

from adapters.cassandra.row_source import CassandraRowSource
from adapters.cassandra.settings import CassandraSourceSettings, ClusterSettings
from adapters.csv.row_meaning import RowMeaning
from adapters.memory.master_data import MemoryMasterData
from application.all_pages import all_records
from application.errors import Refused, Unavailable, WrongShape
from application.ports.connector import BadRow
from application.record_merge import Draft, RecordMerge
from domain.device import DeviceEntry
from tests.contract.row_source import (
    AddRows,
    Cells,
    OpenSource,
    RowSourceContract,
    a_row,
    dev_eui_of,
    devices_of,
    looked,
)
from tests.integration.cassandra.conftest import settings_for
from tests.support.clock import FakeClock
from tests.support.eventually import soon
from tools.services.address import CassandraAddress

pytestmark = pytest.mark.integration
COLUMNS = {"deveui": "dev_eui", "quarter": "zone", "mounted": "installed", "appkey": "keys.app", "tags": "labels.*"}
OURS = {ours: theirs for theirs, ours in COLUMNS.items()}


@pytest.fixture(scope="module")
def foreign(cassandra: CassandraAddress) -> Iterator[tuple[Session, str]]:
    """A keyspace of somebody else, and a session with it."""
    keyspace = f"fleet_{uuid4().hex}"
    cluster = Cluster(
        [cassandra.host], port=cassandra.port, protocol_version=5, connection_class=LibevConnection
    )  # fmt: skip
    session = cluster.connect()
    copies = "{'class': 'SimpleStrategy', 'replication_factor': 1}"
    session.execute(f"CREATE KEYSPACE {keyspace} WITH replication = {copies}", timeout=60)
    yield session, keyspace
    session.execute(f"DROP KEYSPACE {keyspace}", timeout=60)
    cluster.shutdown()


@pytest.fixture
def table(foreign: tuple[Session, str]) -> str:
    """An empty table of devices."""
    session, keyspace = foreign
    name = f"devices_{uuid4().hex[:8]}"
    columns = "deveui text PRIMARY KEY, quarter text, mounted text, appkey text, tags map<text, text>"
    session.execute(f"CREATE TABLE {keyspace}.{name} ({columns})", timeout=60)
    return name


@pytest.fixture
def cluster(cassandra: CassandraAddress) -> ClusterSettings:
    """Where it is."""
    return settings_for(cassandra, "stadtfunk")


@pytest.fixture
def settings(cluster: ClusterSettings, foreign: tuple[Session, str], table: str) -> CassandraSourceSettings:
    """Settings of a source that looks again at once."""
    return CassandraSourceSettings(cluster=cluster, keyspace=foreign[1], table=table, columns=COLUMNS, every_s=0.02)


@asynccontextmanager
async def opened(settings: CassandraSourceSettings) -> AsyncIterator[CassandraRowSource]:
    async with CassandraRowSource(settings, RowMeaning("device"), FakeClock()) as source:
        yield source


@pytest.fixture
def open_source(settings: CassandraSourceSettings) -> OpenSource:
    return lambda: opened(settings)


@pytest.fixture
def add_rows(foreign: tuple[Session, str], table: str) -> AddRows:
    session, keyspace = foreign

    def insert(cells: Mapping[str, object]) -> None:
        names = ", ".join(OURS[ours] for ours in cells)
        blanks = ", ".join(["%s"] * len(cells))
        insertion = f"INSERT INTO {keyspace}.{table} ({names}) VALUES ({blanks})"  # noqa: S608  names of our own
        session.execute(insertion, list(cells.values()))

    async def add(rows: Sequence[Cells]) -> None:
        for row in rows:
            await asyncio.to_thread(insert, row)

    return add


class TestCassandraRowSource(RowSourceContract):
    """Each row a row of the table."""


async def test_a_row_is_given_again_when_it_was_changed(open_source: OpenSource, add_rows: AddRows) -> None:
    await add_rows([a_row(1), a_row(2)])
    async with open_source() as source:
        await looked(source)
        await add_rows([{**a_row(2), "zone": "harbour"}])
        [row] = await looked(source)
    assert isinstance(row.said, Draft)
    assert row.said.fields == {"dev_eui": dev_eui_of(2), "zone": "harbour"}


async def refused(source: CassandraRowSource) -> list[str]:
    """Return the devices of the next rows, of which the second device is refused."""
    rows = await source.receive()
    assert rows is not None
    bad = BadRow("invalid_value", "no such meter")
    await source.acknowledge(rows, {at: bad for at, row in enumerate(rows.rows) if dev_eui_of(2) in row.origin})
    return devices_of(rows.rows)


async def test_a_row_that_was_refused_comes_again_after_a_while(
    settings: CassandraSourceSettings, add_rows: AddRows
) -> None:
    await add_rows([a_row(1), a_row(2)])
    async with opened(replace(settings, refused_again_s=0.0)) as source:
        assert await refused(source) == [dev_eui_of(1), dev_eui_of(2)]
        assert await looked(source) == []
        assert await refused(source) == [dev_eui_of(2)]


async def test_and_until_then_only_when_it_was_changed(settings: CassandraSourceSettings, add_rows: AddRows) -> None:
    await add_rows([a_row(1), a_row(2)])
    async with opened(settings) as source:
        await refused(source)
        assert await looked(source) == []
        assert await looked(source) == []
        await add_rows([{**a_row(2), "zone": "harbour"}])
        assert devices_of(await looked(source)) == [dev_eui_of(2)]


async def test_a_row_that_is_gone_changes_nothing_and_may_come_back(
    open_source: OpenSource, add_rows: AddRows, foreign: tuple[Session, str], table: str
) -> None:
    session, keyspace = foreign
    await add_rows([a_row(1), a_row(2)])
    async with open_source() as source:
        await looked(source)
        deletion = f"DELETE FROM {keyspace}.{table} WHERE deveui = %s"  # noqa: S608  names of our own
        session.execute(deletion, [dev_eui_of(1)])
        assert await looked(source) == []
        await add_rows([a_row(1)])
        assert devices_of(await looked(source)) == [dev_eui_of(1)]


@pytest.fixture
def remembering(settings: CassandraSourceSettings, tmp_path: Path) -> CassandraSourceSettings:
    """Settings of a table that says who is in service."""
    return replace(settings, memory=tmp_path / "devices.json")


async def test_a_device_whose_row_is_gone_is_retired_and_comes_back(
    remembering: CassandraSourceSettings, add_rows: AddRows, foreign: tuple[Session, str], table: str
) -> None:
    session, keyspace = foreign
    registry = MemoryMasterData()
    merge = RecordMerge(registry, FakeClock())
    await add_rows([a_row(1), a_row(2)])

    async def merged(source: CassandraRowSource) -> None:
        drafts = [row.said for row in await looked(source) if isinstance(row.said, Draft)]
        assert all(not each.refusal for each in await merge.merge(drafts))

    async with opened(remembering) as source:
        await merged(source)
    deletion = f"DELETE FROM {keyspace}.{table} WHERE deveui = %s"  # noqa: S608  names of our own
    session.execute(deletion, [dev_eui_of(1)])  # while nobody looks
    async with opened(remembering) as source:
        await merged(source)
        await merged(source)
        first, second = await all_records(registry, DeviceEntry)
        assert (first.removed_ns > 0, first.zone, second.removed_ns) == (True, "zone-1", 0)
        await add_rows([a_row(1)])
        await merged(source)
    assert [entry.removed_ns for entry in await all_records(registry, DeviceEntry)] == [0, 0]


async def test_when_most_rows_are_gone_at_once_nobody_is_retired(
    remembering: CassandraSourceSettings, add_rows: AddRows, foreign: tuple[Session, str], table: str
) -> None:
    session, keyspace = foreign
    await add_rows([a_row(number) for number in range(12)])
    async with opened(remembering) as source:
        await looked(source)
        session.execute(f"TRUNCATE {keyspace}.{table}", timeout=60)
        rows = await source.receive()
        assert rows is not None
        [bad] = [row.said for row in rows.rows]
        assert isinstance(bad, BadRow)
        assert bad.reason == "rows_gone"
        assert await looked(source) == [], "said once is enough for an hour"
        await add_rows([a_row(number) for number in range(12)])
        assert len(devices_of(await looked(source))) == 12


async def test_a_large_table_comes_in_pages_and_whole(open_source: OpenSource, add_rows: AddRows) -> None:
    await add_rows([a_row(number) for number in range(700)])
    async with open_source() as source:
        found = await looked(source)
        assert devices_of(found) == [dev_eui_of(number) for number in range(700)]
        assert await looked(source) == []


async def test_entries_of_a_map_are_entries_of_ours(
    open_source: OpenSource, foreign: tuple[Session, str], table: str
) -> None:
    session, keyspace = foreign
    insertion = f"INSERT INTO {keyspace}.{table} (deveui, tags) VALUES (%s, {{'street': 'Hafen'}})"  # noqa: S608  as above
    session.execute(insertion, [dev_eui_of(1)])
    async with open_source() as source:
        [row] = await looked(source)
    assert isinstance(row.said, Draft)
    assert row.said.fields["labels"] == {"street": "Hafen"}
    assert row.origin == f"{keyspace}.{table} {dev_eui_of(1)}"


@pytest.mark.parametrize(
    "changed,said",
    [
        ({"keyspace": "nowhere"}, "no keyspace 'nowhere'"),
        ({"table": "nothing"}, "no table .*nothing; there are: devices_"),
        ({"columns": {"colour": "zone"}}, "has no column colour; there are: deveui"),
    ],
)
async def test_what_is_not_there_is_named(
    settings: CassandraSourceSettings, changed: dict[str, object], said: str
) -> None:
    given = {name: getattr(settings, name) for name in settings.__struct_fields__}
    with pytest.raises(WrongShape, match=said):
        async with opened(CassandraSourceSettings(**{**given, **changed})):
            pass


async def test_a_table_that_is_taken_away_is_named(
    open_source: OpenSource, foreign: tuple[Session, str], table: str
) -> None:
    session, keyspace = foreign
    async with open_source() as source:
        await looked(source)
        session.execute(f"DROP TABLE {keyspace}.{table}", timeout=60)
        with pytest.raises(WrongShape, match=f"table {keyspace}.{table} at .* is no longer as it was"):
            await soon(source.receive())


async def test_a_column_that_means_nothing_to_us_is_refused(settings: CassandraSourceSettings) -> None:
    given = {name: getattr(settings, name) for name in settings.__struct_fields__}
    with pytest.raises(Refused, match="'colour' means nothing"):
        async with opened(CassandraSourceSettings(**{**given, "columns": {"quarter": "colour"}})):
            pass


async def test_a_cluster_that_does_not_answer_is_unavailable(settings: CassandraSourceSettings) -> None:
    given = {name: getattr(settings, name) for name in settings.__struct_fields__}
    nowhere = ClusterSettings(contact_points=("127.0.0.1",), port=1, local_dc="datacenter1", connect_timeout_s=1.0)
    with pytest.raises(Unavailable, match="does not answer"):
        async with opened(CassandraSourceSettings(**{**given, "cluster": nowhere})):
            pass
