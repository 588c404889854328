"""Rows in: as every connector, and whoever made the table is told what is wrong with which row."""

import asyncio
from collections.abc import Mapping, Sequence

import pytest

from adapters.memory.dead_letters import MemoryDeadLetters
from adapters.memory.master_data import MemoryMasterData
from adapters.memory.observation_store import MemoryObservationStore
from adapters.memory.reading_query import MemoryReadingQuery
from application.connectors import Progress, RowConnector
from application.errors import Unavailable
from application.ports.connector import BadRow, Rows, SourceRow
from application.ports.dead_letters import DeadLetter
from application.ports.master_data import MasterRecord
from application.reading_import import Given, ReadingImport
from application.record_merge import Draft, RecordMerge
from domain.device import DeviceEntry
from domain.identifiers import DevEui
from tests.contract.connector import ConnectorContract, running
from tests.support.builders import DEV
from tests.support.clock import FakeClock
from tests.support.eventually import until


class Records(MemoryMasterData):
    """A registry that a test can break."""

    broken = False

    async def put(self, records: Sequence[MasterRecord]) -> None:
        if self.broken:
            raise Unavailable("the registry does not answer")
        await super().put(records)


class Table:
    """A source of rows that a test holds."""

    def __init__(self) -> None:
        self._waiting: asyncio.Queue[Rows | None] = asyncio.Queue()
        self.acknowledged: list[tuple[Rows, Mapping[int, BadRow]]] = []

    def put(self, *said: Draft | Given | BadRow, waiting: int = 0) -> None:
        """Offer rows, changed at the source a moment ago."""
        rows = [SourceRow(f"t.csv:{line}", each, b"row %d" % line) for line, each in enumerate(said, 2)]
        self._waiting.put_nowait(Rows(rows, waiting=waiting, changed_us=7))

    async def receive(self) -> Rows | None:
        return await self._waiting.get()

    async def acknowledge(self, rows: Rows, refused: Mapping[int, BadRow]) -> None:
        self.acknowledged.append((rows, refused))

    def stop(self) -> None:
        self._waiting.put_nowait(None)


class RowScene:
    """A connector for rows, in memory."""

    def __init__(self) -> None:
        self.clock, self.table, self.records = FakeClock(), Table(), Records()
        self.letters, self.observations = MemoryDeadLetters(), MemoryObservationStore()
        self.connector = RowConnector(
            "city-devices",
            self.table,
            RecordMerge(self.records, self.clock),
            ReadingImport(self.observations, MemoryReadingQuery(self.observations), self.clock),
            self.letters,
            Progress(self.clock),
            self.clock,
        )
        self._offered = 0

    async def offer(self, count: int) -> None:
        for _ in range(count):
            self._offered += 1
            self.table.put(a_draft(f"{self._offered:016x}"))

    async def offer_a_bad_one(self) -> None:
        self.table.put(BadRow("row_unreadable", "3 cells where the header has 2"))

    def break_the_store(self) -> None:
        self.records.broken = True

    def stored(self) -> int:
        return len(self.records._records)

    def acknowledged(self) -> int:
        return sum(len(rows.rows) for rows, _ in self.table.acknowledged)


@pytest.fixture
def scene() -> RowScene:
    """A connector for rows."""
    return RowScene()


def a_draft(dev_eui: str = DEV, device_type: str = "bosch_tps110") -> Draft:
    """Return what a row says of a device."""
    return Draft("device", {"dev_eui": dev_eui, "device_type": device_type})


def a_reading(value: str = "17", measurand: str = "device.battery.level") -> Given:
    """Return what a row says of a reading."""
    return Given(DEV, 1_700_000_000 * 10**9, measurand, value)


class TestRowConnector(ConnectorContract):
    """As every connector."""


async def test_rows_of_devices_come_into_the_registry(scene: RowScene) -> None:
    scene.table.put(a_draft())
    async with running(scene):
        await until(lambda: scene.acknowledged() == 1)
    entry = await scene.records.get(DeviceEntry, DEV)
    assert entry.device_type == "bosch_tps110"


async def test_rows_of_readings_come_into_the_store(scene: RowScene) -> None:
    scene.table.put(a_reading())
    async with running(scene):
        await until(lambda: scene.acknowledged() == 1)
    assert len(scene.observations.readings(DevEui(DEV))) == 1


async def test_what_says_nothing_new_is_counted_as_a_repeat(scene: RowScene) -> None:
    for _ in range(2):
        scene.table.put(a_draft())
        scene.table.put(a_reading())
    async with running(scene):
        await until(lambda: scene.acknowledged() == 4)
    assert (scene.connector.counts.out, scene.connector.counts.redelivered) == (2, 2)


async def test_the_source_is_told_which_rows_were_refused_and_why(scene: RowScene) -> None:
    scene.table.put(a_draft(), Draft("device", {"dev_eui": "none"}), a_draft("0" * 16), a_reading("much"))
    async with running(scene):
        await until(lambda: scene.acknowledged() == 4)
    [(_, refused)] = scene.table.acknowledged
    assert sorted(refused) == [1, 3]
    assert all(bad.reason and bad.detail for bad in refused.values())
    assert (scene.connector.counts.out, scene.connector.counts.dead) == (2, 2)


async def test_a_refused_row_is_a_dead_letter_that_says_where_it_stands(scene: RowScene) -> None:
    scene.table.put(a_draft(), Draft("device", {"dev_eui": "none"}))
    async with running(scene):
        await until(lambda: scene.acknowledged() == 2)
    [letter] = await scene.letters.list()
    assert (letter.stage, letter.source, letter.origin, letter.body) == ("connect", "city-devices", "t.csv:3", b"row 3")


async def test_the_same_bad_row_again_is_the_same_letter(scene: RowScene) -> None:
    for _ in range(2):
        await scene.offer_a_bad_one()
    async with running(scene):
        await until(lambda: scene.acknowledged() == 2)
    assert len(await scene.letters.list()) == 1


async def test_a_look_that_found_nothing_is_a_success(scene: RowScene) -> None:
    scene.table.put()
    async with running(scene):
        await until(lambda: scene.connector.progress.last_success_us > 0)


async def test_what_waits_at_the_source_is_its_lag(scene: RowScene) -> None:
    scene.table.put(a_draft(), waiting=4)
    async with running(scene):
        await until(lambda: scene.connector.progress.lag == 4)


async def test_a_bad_row_that_comes_with_every_look_is_told_once(scene: RowScene) -> None:
    added: list[int] = []
    add = scene.letters.add

    async def counted(letters: Sequence[DeadLetter]) -> None:
        added.append(len(letters))
        await add(letters)

    scene.letters.add = counted  # type: ignore[method-assign]
    for _ in range(3):
        await scene.offer_a_bad_one()
    async with running(scene):
        await until(lambda: scene.acknowledged() == 3)
    assert added == [1]
    assert scene.connector.counts.dead == 3
