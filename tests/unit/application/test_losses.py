"""Sums over the loss ledger."""

import pytest

from adapters.memory.loss_days import MemoryLossDays
from application.errors import NotFound
from application.losses import Losses
from domain.errors import InvalidValue
from domain.identifiers import DevEui
from tests.contract.loss_days import DAY, a_loss_day
from tests.support.builders import DEV

OTHER = "003e94c6ad72f12a"


async def a_ledger() -> Losses:
    store = MemoryLossDays()
    await store.write(
        [
            a_loss_day(DEV, DAY, received=10, radio=1),
            a_loss_day(DEV, DAY, source="ttn", received=5),
            a_loss_day(DEV, DAY + 1, received=20, radio=2),
            a_loss_day(OTHER, DAY, received=100, radio=10),
        ]
    )
    return Losses(store)


async def test_a_row_is_found_by_device_day_and_source() -> None:
    losses = await a_ledger()
    assert (await losses.day(DevEui(DEV), DAY, "ttn")).received == 5
    with pytest.raises(NotFound):
        await losses.day(DevEui(DEV), DAY + 1, "ttn")


async def test_sums_of_a_device_are_those_of_its_days_and_sources() -> None:
    sums = await (await a_ledger()).sums_of_device(DevEui(DEV), DAY, DAY + 2)
    assert (sums.total.received, sums.total.missing, sums.devices) == (35, 3, 1)
    assert [(each.source, each.received) for each in sums.by_source] == [("swu", 30), ("ttn", 5)]


async def test_sums_of_all_count_each_device_once() -> None:
    sums = await (await a_ledger()).sums(DAY, DAY + 2)
    assert (sums.total.received, sums.total.missing, sums.devices) == (135, 13, 2)
    assert [(each.source, each.expected) for each in sums.by_source] == [("swu", 143), ("ttn", 5)]


async def test_nothing_sums_to_nothing() -> None:
    sums = await (await a_ledger()).sums(DAY + 5, DAY + 6)
    assert (sums.total.expected, sums.by_source, sums.devices) == (0, (), 0)


@pytest.mark.parametrize("days", [0, -1, 401])
async def test_days_of_a_device_are_bounded(days: int) -> None:
    with pytest.raises(InvalidValue):
        await (await a_ledger()).of_device(DevEui(DEV), DAY, DAY + days)


async def test_days_of_all_devices_are_bounded_more_narrowly() -> None:
    with pytest.raises(InvalidValue):
        await (await a_ledger()).sums(DAY, DAY + 8)
