"""What every store of observations promises to those who read."""

from collections.abc import Sequence

import pytest

from application.ports.observation_store import ObservationStore
from application.ports.reading_query import ReadingFilter, ReadingQuery, StoredReading
from domain.identifiers import DevEui
from domain.observation import Reading
from tests.contract.devices import a_fresh_device
from tests.support.builders import NOON_NS, a_reading, an_observation

EVER = ReadingFilter(-(2**62), 2**62)
DAY_NS = 86_400 * 1_000_000_000
Key = tuple[int, str, str]


def keys(readings: Sequence[StoredReading]) -> list[Key]:
    """Return what tells the readings of a device apart, with the time since noon."""
    return [(each.event_ns - NOON_NS, each.reading.measurand, each.reading.channel) for each in readings]


async def all_pages(query: ReadingQuery, device: DevEui, asked: ReadingFilter, size: int) -> list[StoredReading]:
    """Return what following ``after`` from page to page finds; a page short of ``size`` is the last."""
    found: list[StoredReading] = []
    after: Key | None = None
    while True:
        page = await query.page(device, asked, size=size, after=after)
        assert len(page) <= size
        found.extend(page)
        if len(page) < size:
            return found
        last = page[-1]
        after = (last.event_ns, last.reading.measurand, last.reading.channel)


async def streamed(query: ReadingQuery, devices: Sequence[DevEui], asked: ReadingFilter) -> list[list[StoredReading]]:
    """Return the chunks of a stream."""
    return [list(chunk) async for chunk in query.stream(devices, asked)]


class ReadingQueryContract:
    """Subclass with the fixtures ``store`` and ``query`` over the same storage; it need not be empty."""

    @pytest.fixture
    async def device(self, store: ObservationStore) -> DevEui:
        """Return a device with three readings at each of four instants, one of them a day earlier."""
        device = a_fresh_device()
        for event_ns in (NOON_NS + 2, NOON_NS - DAY_NS, NOON_NS + 1, NOON_NS):
            readings = [a_reading("m.b", "", 1), a_reading("m.a", "2", 2), a_reading("m.a", "1", 3)]
            await store.write([an_observation(*readings, dev_eui=device, event_ns=event_ns)])
        return device

    async def test_an_unknown_device_has_no_readings(self, query: ReadingQuery) -> None:
        assert list(await query.page(a_fresh_device(), EVER, size=10)) == []
        assert await streamed(query, [a_fresh_device()], EVER) == []

    async def test_a_page_has_the_newest_first_then_measurand_and_channel(
        self, query: ReadingQuery, device: DevEui
    ) -> None:
        assert keys(await query.page(device, EVER, size=5)) == [
            (2, "m.a", "1"),
            (2, "m.a", "2"),
            (2, "m.b", ""),
            (1, "m.a", "1"),
            (1, "m.a", "2"),
        ]

    @pytest.mark.parametrize("size", [1, 2, 3, 4, 5, 7, 11, 12, 13, 100])
    async def test_pages_of_any_size_join_without_gap_or_repeat(
        self, query: ReadingQuery, device: DevEui, size: int
    ) -> None:
        whole = await query.page(device, EVER, size=100)
        assert len(whole) == 12
        assert await all_pages(query, device, EVER, size) == list(whole)

    async def test_a_page_after_the_last_reading_is_empty(self, query: ReadingQuery, device: DevEui) -> None:
        assert list(await query.page(device, EVER, size=5, after=(NOON_NS - DAY_NS, "m.b", ""))) == []

    async def test_a_cursor_may_name_a_reading_that_is_not_there(self, query: ReadingQuery, device: DevEui) -> None:
        page = await query.page(device, EVER, size=1, after=(NOON_NS + 1, "m.a", "1x"))
        assert keys(page) == [(1, "m.a", "2")]

    async def test_the_range_has_its_first_instant_and_not_its_last(self, query: ReadingQuery, device: DevEui) -> None:
        asked = ReadingFilter(NOON_NS, NOON_NS + 2, frozenset({"m.b"}))
        assert keys(await query.page(device, asked, size=100)) == [(1, "m.b", ""), (0, "m.b", "")]
        assert [keys(chunk) for chunk in await streamed(query, [device], asked)] == [[(0, "m.b", ""), (1, "m.b", "")]]

    async def test_an_empty_range_has_nothing(self, query: ReadingQuery, device: DevEui) -> None:
        asked = ReadingFilter(NOON_NS + 2, NOON_NS + 2)
        assert list(await query.page(device, asked, size=100)) == []
        assert await streamed(query, [device], asked) == []

    async def test_only_the_measurands_asked_for_come(self, query: ReadingQuery, device: DevEui) -> None:
        asked = ReadingFilter(NOON_NS + 2, 2**62, frozenset({"m.a", "m.none"}))
        assert keys(await query.page(device, asked, size=100)) == [(2, "m.a", "1"), (2, "m.a", "2")]

    async def test_only_the_channels_asked_for_come(self, query: ReadingQuery, device: DevEui) -> None:
        asked = ReadingFilter(NOON_NS + 1, 2**62, channels=frozenset({"", "2"}))
        expected = [(2, "m.a", "2"), (2, "m.b", ""), (1, "m.a", "2"), (1, "m.b", "")]
        assert keys(await query.page(device, asked, size=100)) == expected

    async def test_a_filtered_page_is_full_while_there_are_more(self, query: ReadingQuery, device: DevEui) -> None:
        asked = ReadingFilter(EVER.since_ns, EVER.until_ns, frozenset({"m.b"}))
        expected = [(2, "m.b", ""), (1, "m.b", ""), (0, "m.b", ""), (-DAY_NS, "m.b", "")]
        assert keys(await query.page(device, asked, size=3)) == expected[:3]
        assert keys(await all_pages(query, device, asked, 2)) == expected

    async def test_no_channel_asked_for_is_no_reading(self, query: ReadingQuery, device: DevEui) -> None:
        asked = ReadingFilter(EVER.since_ns, EVER.until_ns, channels=frozenset())
        assert list(await query.page(device, asked, size=100)) == []

    async def test_a_stream_has_one_device_after_the_other_oldest_first(
        self, store: ObservationStore, query: ReadingQuery, device: DevEui
    ) -> None:
        other = a_fresh_device()
        await store.write([an_observation(a_reading("m.c", "", 9), dev_eui=other)])
        chunks = await streamed(query, [other, a_fresh_device(), device], EVER)
        readings = [reading for chunk in chunks for reading in chunk]
        assert [reading.dev_eui for reading in readings] == [other] + 12 * [device]
        of_device = readings[1:]
        assert of_device == sorted(
            of_device, key=lambda each: (each.event_ns, each.reading.measurand, each.reading.channel)
        )

    async def test_a_long_stream_comes_in_chunks_of_one_device(
        self, store: ObservationStore, query: ReadingQuery
    ) -> None:
        devices = [a_fresh_device(), a_fresh_device()]
        for device in devices:
            for start in range(0, 1_200, 300):
                events = [NOON_NS + 1_000_000_000 * number for number in range(start, start + 300)]
                await store.write([an_observation(dev_eui=device, event_ns=event_ns) for event_ns in events])
        chunks = await streamed(query, devices, EVER)
        assert all(0 < len(chunk) <= 1_000 for chunk in chunks)
        assert all(len({reading.dev_eui for reading in chunk}) == 1 for chunk in chunks)
        events_seen = [(reading.dev_eui, reading.event_ns) for chunk in chunks for reading in chunk]
        assert events_seen == [(device, NOON_NS + 1_000_000_000 * n) for device in devices for n in range(1_200)]

    async def test_pages_go_far_back_in_time(self, store: ObservationStore, query: ReadingQuery) -> None:
        device = a_fresh_device()
        events = [NOON_NS - 40 * day * DAY_NS for day in range(11)]
        await store.write([an_observation(dev_eui=device, event_ns=event_ns) for event_ns in events])
        asked = ReadingFilter(NOON_NS - 400 * DAY_NS, NOON_NS + 1)
        found = await all_pages(query, device, asked, 4)
        assert [reading.event_ns for reading in found] == events

    async def test_a_reading_that_was_withdrawn_is_answered_to_nobody(
        self, store: ObservationStore, query: ReadingQuery, device: DevEui
    ) -> None:
        withdrawn = Reading("m.a", "1", 3, quality="withdrawn")
        await store.write([an_observation(withdrawn, dev_eui=device, event_ns=NOON_NS, written_us=NOON_NS)])
        left = [(0, "m.a", "2"), (0, "m.b", "")]
        at_noon = ReadingFilter(NOON_NS, NOON_NS + 1)
        assert keys(await query.page(device, at_noon, size=10)) == left
        assert [keys(chunk) for chunk in await streamed(query, [device], at_noon)] == [left]
