"""Readings from tables: what is taken, what is refused, and that what was exported comes back as it was."""

import pytest

from adapters.memory.observation_store import MemoryObservationStore
from adapters.memory.reading_query import MemoryReadingQuery
from application.ports.reading_query import ReadingFilter
from application.reading_import import Given, ReadingImport, text_of
from domain.observation import Observation, Position, Reading, Value
from tests.support.builders import DEV, NOON_NS
from tests.support.clock import FakeClock

EVER = ReadingFilter(-(2**62), 2**62)


class Table:
    """An import over stores in memory, two hours after noon."""

    def __init__(self) -> None:
        self.store = MemoryObservationStore()
        clock = FakeClock(NOON_NS // 1_000 + 7_200 * 1_000_000)
        self.imports = ReadingImport(self.store, MemoryReadingQuery(self.store), clock)

    async def actions(self, *given: Given) -> list[str]:
        """Return what became of each."""
        return [each.action for each in await self.imports.import_readings(given)]

    async def stored(self) -> list[Reading]:
        """Return all readings of the device."""
        query = MemoryReadingQuery(self.store)
        return [each.reading async for chunk in query.stream([DEV], EVER) for each in chunk]


@pytest.fixture
def table() -> Table:
    return Table()


def said(measurand: str, value: str, **more: str) -> Given:
    """Return a row of noon."""
    return Given(DEV, NOON_NS, measurand, value, **more)


@pytest.mark.parametrize(
    "measurand,text,value",
    [
        ("meter.identity", "00123", "00123"),
        ("meter.identity", "123", "123"),
        ("device.status_word", "-12", -12),
        ("device.status_word", "012", "012"),
        ("device.status_word", "9" * 30, "9" * 30),
        ("device.status_word", "٣", "٣"),
        ("parking.occupied", "TRUE", True),
        ("water.alarm", "false", False),
        ("electricity.alarm", "over", "over"),
        ("water.volume", "9223372036854775.807", 2**63 - 1),
        ("position", "48.4011 9.9876", Position(484_011_000, 99_876_000, "surveyed")),
    ],
)
async def test_a_value_is_what_its_measurand_makes_of_the_text(
    table: Table, measurand: str, text: str, value: Value
) -> None:
    assert await table.actions(said(measurand, text)) == ["created"]
    [stored] = await table.stored()
    assert stored.value == value
    assert type(stored.value) is type(value)


@pytest.mark.parametrize(
    "measurand,text",
    [
        ("parking.occupied", "banana"),
        ("device.status_word", "x" * 300),
        ("device.status_word", ""),
        ("position", "91 0"),
        ("position", "0 0"),
        ("position", "1e30 5"),
        ("position", "1 2 3"),
        ("water.volume", "nan"),
        ("water.volume", "0.0001"),
        ("water.volume", "9223372036854775.808"),
        ("device.temperature", "1e400"),
    ],
)
async def test_what_cannot_be_a_value_is_refused_and_its_neighbours_are_kept(
    table: Table, measurand: str, text: str
) -> None:
    assert await table.actions(said(measurand, text), said("water.volume", "1")) == ["refused", "created"]
    assert len(await table.stored()) == 1


@pytest.mark.parametrize(
    "reading",
    [
        Reading("position", "", Position(484_011_000, 99_876_000, "gnss", 478.0, 2.5, 9)),
        Reading("meter.identity", "", "00123"),
        Reading("device.status_word", "", 7, 0, "device_flagged"),
        Reading("device.temperature", "", 0.1 + 0.2),
        Reading("device.temperature", "", 1e9, 0, "implausible"),
        Reading("water.volume", "pulse1", 10**18 + 1, -3, "unit_unknown"),
        Reading("parking.occupied", "", False),
    ],
)
async def test_what_was_exported_comes_back_and_changes_nothing(table: Table, reading: Reading) -> None:
    await table.store.write([Observation(DEV, NOON_NS, NOON_NS // 1_000, (reading,))])
    row = said(reading.measurand, text_of(reading), channel=reading.channel, quality=reading.quality)
    assert await table.actions(row) == ["unchanged"]
    assert await table.stored() == [reading]


async def test_a_correction_counts_whatever_clock_the_reading_was_written_by(table: Table) -> None:
    ahead_us = NOON_NS // 1_000 + 86_400 * 1_000_000
    of_the_radio = Reading("water.volume", "", 1_000, -3)
    await table.store.write([Observation(DEV, NOON_NS, ahead_us, (of_the_radio,))])
    assert await table.actions(said("water.volume", "2.5"), said("water.temperature", "7")) == ["changed", "created"]
    assert {each.value for each in await table.stored()} == {2_500, 7.0}


async def test_a_withdrawn_value_is_nobodys_to_give(table: Table) -> None:
    assert await table.actions(said("water.volume", "1", quality="withdrawn")) == ["refused"]


async def test_a_device_is_the_same_however_its_name_is_written(table: Table) -> None:
    spelled = ["-".join(DEV[at : at + 2] for at in range(0, 16, 2)).upper(), DEV.upper(), DEV]
    given = [Given(name, NOON_NS, "water.volume", "1") for name in spelled]
    assert await table.actions(*given) == ["created", "unchanged", "unchanged"]


@pytest.mark.parametrize("event_ns", [-1, -(2**63), NOON_NS + 3 * 3_600 * 10**9, 2**63 - 1])
async def test_what_lies_before_1970_or_in_the_future_is_refused(table: Table, event_ns: int) -> None:
    assert await table.actions(Given(DEV, event_ns, "water.volume", "1")) == ["refused"]
