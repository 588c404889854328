"""What every store of the loss ledger promises."""

from application.ports.loss_days import LossDays
from domain.identifiers import DevEui
from domain.radio import LossDay
from tests.contract.devices import a_fresh_device

US = 1_767_268_800_000_000
DAY = 20_454


def a_loss_day(
    dev_eui: str, day: int = DAY, *, source: str = "swu", written_us: int = US, received: int = 1, radio: int = 0
) -> LossDay:
    """Return a row."""
    return LossDay(DevEui(dev_eui), day, source, written_us, received, radio)


class LossDaysContract:
    """Subclass with a fixture ``losses``; the store need not be empty."""

    async def test_every_field_comes_back(self, losses: LossDays) -> None:
        counts = (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14)
        row = LossDay(a_fresh_device(), DAY, "wörk", US, *counts, is_doubtful=True, runs=bytes(range(32)))
        await losses.write([row])
        assert await losses.of_device(row.dev_eui, DAY, DAY) == [row]

    async def test_a_device_without_rows_has_none(self, losses: LossDays) -> None:
        assert list(await losses.of_device(a_fresh_device(), DAY, DAY + 30)) == []

    async def test_an_empty_batch_is_stored(self, losses: LossDays) -> None:
        await losses.write([])

    async def test_of_two_rows_the_later_written_stays_in_whichever_order_they_come(self, losses: LossDays) -> None:
        forth, back = a_fresh_device(), a_fresh_device()
        await losses.write([a_loss_day(forth, written_us=US, received=1)])
        await losses.write([a_loss_day(forth, written_us=US + 1, received=2)])
        await losses.write([a_loss_day(back, written_us=US + 1, received=2)])
        await losses.write([a_loss_day(back, written_us=US, received=1)])
        for device in (forth, back):
            assert [row.received for row in await losses.of_device(device, DAY, DAY)] == [2]

    async def test_within_one_batch_the_later_written_stays_too(self, losses: LossDays) -> None:
        device = a_fresh_device()
        await losses.write([a_loss_day(device, written_us=US + 1, received=2), a_loss_day(device, received=1)])
        assert [row.received for row in await losses.of_device(device, DAY, DAY)] == [2]

    async def test_repeating_a_write_changes_nothing(self, losses: LossDays) -> None:
        row = a_loss_day(a_fresh_device())
        await losses.write([row])
        await losses.write([row, row])
        assert await losses.of_device(row.dev_eui, DAY, DAY) == [row]

    async def test_the_days_of_a_device_come_by_day_and_source_both_ends_included(self, losses: LossDays) -> None:
        device = a_fresh_device()
        keys = [(DAY + 2, "swu"), (DAY, "ttn"), (DAY, "swu"), (DAY + 1, "swu"), (DAY + 3, "swu"), (DAY - 1, "swu")]
        await losses.write([a_loss_day(device, day, source=source) for day, source in keys])
        found = await losses.of_device(device, DAY, DAY + 2)
        assert [(row.day, row.source) for row in found] == [
            (DAY, "swu"),
            (DAY, "ttn"),
            (DAY + 1, "swu"),
            (DAY + 2, "swu"),
        ]

    async def test_a_day_comes_by_device_and_source_page_by_page(self, losses: LossDays) -> None:
        day = int(a_fresh_device(), 16) % 20_000 + 30_000  # a day of our own: others write to the same store
        devices = sorted(a_fresh_device() for _ in range(5))
        keys = [(device, source) for device in devices for source in ("swu", "ttn")]
        await losses.write([a_loss_day(device, day, source=source) for device, source in reversed(keys)])
        pages, after = [], ("", "")
        while page := await losses.of_day(day, size=3, after=after):
            assert len(page) <= 3
            pages += [(row.dev_eui, row.source) for row in page]
            after = pages[-1]
        assert pages == keys
