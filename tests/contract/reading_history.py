"""What every store of replaced readings promises."""

from collections.abc import Sequence

import pytest

from application.ports.reading_history import ReadingHistory
from application.ports.reading_query import ReadingFilter, StoredReading
from domain.identifiers import DevEui
from domain.observation import Position, Reading, Value
from tests.contract.devices import a_fresh_device
from tests.support.builders import NOON_NS

EVER = ReadingFilter(-(2**62), 2**62)
WRITTEN_US = NOON_NS // 1_000
DAY_NS = 86_400 * 1_000_000_000


def a_stored(
    device: DevEui,
    value: Value = 1,
    *,
    event_ns: int = NOON_NS,
    written_us: int = WRITTEN_US,
    measurand: str = "water.volume",
    channel: str = "pulse1",
    quality: str = "measured",
) -> StoredReading:
    """Return a reading as it was stored."""
    reading = Reading(measurand, channel, value, -3, quality)
    return StoredReading(device, event_ns, reading, written_us, "device", 1_000, "nas_um30xx", "nas@1", "swu", 7)


async def values(history: ReadingHistory, device: DevEui, at_us: int, asked: ReadingFilter = EVER) -> Sequence[Value]:
    """Return the values that were believed."""
    return [each.reading.value for each in await history.believed(device, asked, at_us)]


class ReadingHistoryContract:
    """Subclass with a fixture ``history``; it need not be empty."""

    async def test_every_field_comes_back(self, history: ReadingHistory) -> None:
        device = a_fresh_device()
        place = a_stored(device, Position(1, 2, "gnss", 1.5), measurand="position", channel="")
        kept = [place, a_stored(device, 10**18), a_stored(device, "tür", channel="pulse2")]
        await history.keep(kept, WRITTEN_US + 10)
        found = await history.believed(device, EVER, WRITTEN_US)
        assert sorted(found, key=repr) == sorted(kept, key=repr)

    async def test_a_reading_was_believed_from_its_writing_until_it_was_replaced(self, history: ReadingHistory) -> None:
        device = a_fresh_device()
        await history.keep([a_stored(device)], WRITTEN_US + 10)
        believed = {at: bool(await values(history, device, WRITTEN_US + at)) for at in (-1, 0, 9, 10)}
        assert believed == {-1: False, 0: True, 9: True, 10: False}

    async def test_each_of_several_versions_was_believed_in_its_own_time(self, history: ReadingHistory) -> None:
        device = a_fresh_device()
        await history.keep([a_stored(device, 1)], WRITTEN_US + 10)
        await history.keep([a_stored(device, 2, written_us=WRITTEN_US + 10)], WRITTEN_US + 20)
        assert await values(history, device, WRITTEN_US + 5) == [1]
        assert await values(history, device, WRITTEN_US + 15) == [2]

    @pytest.mark.parametrize("order", [(10, 10, 20), (20, 10, 10)])
    async def test_keeping_again_is_harmless_and_the_later_end_stays(
        self, history: ReadingHistory, order: Sequence[int]
    ) -> None:
        device = a_fresh_device()
        for until in order:
            await history.keep([a_stored(device)], WRITTEN_US + until)
        assert await values(history, device, WRITTEN_US + 15) == [1]
        assert await values(history, device, WRITTEN_US + 20) == []

    async def test_what_is_kept_comes_back_with_its_end(self, history: ReadingHistory) -> None:
        device = a_fresh_device()
        first, second = a_stored(device, 1), a_stored(device, 2, written_us=WRITTEN_US + 10)
        await history.keep([second], WRITTEN_US + 20)
        await history.keep([first], WRITTEN_US + 10)
        kept = await history.kept(device, EVER)
        assert {(each.stored, each.until_us) for each in kept} == {(first, WRITTEN_US + 10), (second, WRITTEN_US + 20)}
        assert await history.kept(device, ReadingFilter(NOON_NS + 1, NOON_NS + 2)) == []

    async def test_what_was_withdrawn_is_kept_and_was_never_believed(self, history: ReadingHistory) -> None:
        device = a_fresh_device()
        await history.keep([a_stored(device, quality="withdrawn")], WRITTEN_US + 10)
        assert await values(history, device, WRITTEN_US + 5) == []
        assert len(await history.kept(device, EVER)) == 1

    async def test_only_what_is_asked_for_is_returned_by_event_time(self, history: ReadingHistory) -> None:
        device = a_fresh_device()
        kept = [a_stored(device, day, event_ns=NOON_NS + day * DAY_NS) for day in (2, 0, 1)]
        await history.keep([*kept, a_stored(a_fresh_device(), 9)], WRITTEN_US + 10)
        await history.keep([a_stored(device, 7, measurand="device.uptime", channel="")], WRITTEN_US + 10)
        water = frozenset({"water.volume"})
        range_ = ReadingFilter(NOON_NS, NOON_NS + 2 * DAY_NS, water, frozenset({"pulse1"}))
        assert await values(history, device, WRITTEN_US, range_) == [0, 1]

    async def test_nothing_kept_is_nothing_believed(self, history: ReadingHistory) -> None:
        await history.keep([], WRITTEN_US)
        assert await values(history, a_fresh_device(), WRITTEN_US) == []
