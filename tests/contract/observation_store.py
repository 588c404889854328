"""What every store of observations promises to those who write."""

import asyncio
from collections.abc import Sequence
from itertools import permutations
from random import Random

from application.ports.observation_store import ObservationStore
from application.ports.reading_query import ReadingFilter, ReadingQuery, StoredReading
from domain.identifiers import DevEui
from domain.observation import Observation, Position, Reading
from tests.contract.devices import a_fresh_device
from tests.support.builders import NOON_NS, a_reading, an_observation

EVER = ReadingFilter(-(2**62), 2**62)
LEARNED_US = NOON_NS // 1_000


async def stored(query: ReadingQuery, device: DevEui) -> Sequence[StoredReading]:
    """Return all readings of ``device``, newest first."""
    return await query.page(device, EVER, size=10_000)


async def values(query: ReadingQuery, device: DevEui) -> dict[tuple[int, str, str], object]:
    """Return the value of each key of ``device``."""
    return {
        (each.event_ns, each.reading.measurand, each.reading.channel): each.reading.value
        for each in await stored(query, device)
    }


def occupied(device: DevEui, value: bool | float | str, learned_s: int = 0, channel: str = "") -> Observation:
    """Return what was learned ``learned_s`` seconds after noon of a spot's state at noon."""
    reading = a_reading("parking.occupied", channel, value)
    return an_observation(reading, dev_eui=device, written_us=LEARNED_US + learned_s * 1_000_000)


class ObservationStoreContract:
    """Subclass with the fixtures ``store`` and ``query`` over the same storage; it need not be empty."""

    async def test_an_empty_batch_is_stored(self, store: ObservationStore) -> None:
        await store.write([])

    async def test_every_field_comes_back(self, store: ObservationStore, query: ReadingQuery) -> None:
        device = a_fresh_device()
        reading = Reading("electricity.energy.active.import", "1.8.1", 123_456_789_012_345, -4, "device_flagged")
        written = Observation(
            device, NOON_NS + 1, LEARNED_US + 7, (reading,), "derived", 1_500, "imst_ioke868", "d@3", "swu", 70_000
        )
        await store.write([written])
        assert list(await stored(query, device)) == [
            StoredReading(
                device, NOON_NS + 1, reading, LEARNED_US + 7, "derived", 1_500, "imst_ioke868", "d@3", "swu", 70_000
            )
        ]

    async def test_every_kind_of_value_keeps_its_type(self, store: ObservationStore, query: ReadingQuery) -> None:
        device = a_fresh_device()
        place = Position(483984180, -99876543, "gnss", 478.5, 2.5, 9)
        kept = [
            True,
            False,
            0,
            1,
            -(2**62),
            2**62,
            0.0,
            1.0,
            -273.15,
            1e-9,
            "",
            "übervoll\n\"'",
            place,
            Position(1, -2),
        ]
        readings = [a_reading("test.value", str(number), value) for number, value in enumerate(kept)]  # type: ignore[arg-type]
        await store.write([an_observation(*readings, dev_eui=device)])
        read_back = {each.reading.channel: each.reading.value for each in await stored(query, device)}
        again = [read_back[str(number)] for number in range(len(kept))]
        assert again == kept
        assert [type(value) for value in again] == [type(value) for value in kept]

    async def test_repeating_a_write_changes_nothing(self, store: ObservationStore, query: ReadingQuery) -> None:
        device = a_fresh_device()
        batch = [occupied(device, True), occupied(device, True, channel="2")]
        await store.write(batch)
        once = await stored(query, device)
        await store.write([*batch, *batch])
        assert await stored(query, device) == once

    async def test_of_two_values_the_later_learned_stays_in_whichever_order_they_come(
        self, store: ObservationStore, query: ReadingQuery
    ) -> None:
        forth, back = a_fresh_device(), a_fresh_device()
        await store.write([occupied(forth, True, 0)])
        await store.write([occupied(forth, False, 1)])
        await store.write([occupied(back, False, 1)])
        await store.write([occupied(back, True, 0)])
        for device in (forth, back):
            [kept] = await stored(query, device)
            assert kept.reading.value is False
            assert kept.written_us == LEARNED_US + 1_000_000

    async def test_within_one_batch_the_later_learned_stays_too(
        self, store: ObservationStore, query: ReadingQuery
    ) -> None:
        device = a_fresh_device()
        await store.write([occupied(device, False, 2), occupied(device, True, 1)])
        assert list((await values(query, device)).values()) == [False]

    async def test_of_two_values_learned_at_once_the_same_stays_in_whichever_order_they_come(
        self, store: ObservationStore, query: ReadingQuery
    ) -> None:
        forth, back = a_fresh_device(), a_fresh_device()
        for first, second in (("a", "b"), (1, 2), (1.5, -1.5), (True, False), (9, 10)):
            await store.write([occupied(forth, first, channel=str(first))])
            await store.write([occupied(forth, second, channel=str(first))])
            await store.write([occupied(back, second, channel=str(first))])
            await store.write([occupied(back, first, channel=str(first))])
        assert await values(query, forth) == await values(query, back)

    async def test_other_measurands_and_channels_of_the_instant_stay(
        self, store: ObservationStore, query: ReadingQuery
    ) -> None:
        device = a_fresh_device()
        await store.write([an_observation(a_reading("m.one", "a", 1), a_reading("m.one", "b", 2), dev_eui=device)])
        later = an_observation(
            a_reading("m.one", "b", 3), a_reading("m.two", "a", 4), dev_eui=device, written_us=LEARNED_US + 1
        )
        await store.write([later])
        assert await values(query, device) == {
            (NOON_NS, "m.one", "a"): 1,
            (NOON_NS, "m.one", "b"): 3,
            (NOON_NS, "m.two", "a"): 4,
        }

    async def test_a_reading_keeps_its_own_write_time_beside_a_later_one(
        self, store: ObservationStore, query: ReadingQuery
    ) -> None:
        device = a_fresh_device()
        await store.write([occupied(device, True, 5, "late"), occupied(device, True, 1, "early")])
        written = {each.reading.channel: each.written_us - LEARNED_US for each in await stored(query, device)}
        assert written == {"late": 5_000_000, "early": 1_000_000}

    async def test_instants_are_told_apart_to_the_nanosecond(
        self, store: ObservationStore, query: ReadingQuery
    ) -> None:
        device = a_fresh_device()
        await store.write([an_observation(dev_eui=device, event_ns=NOON_NS + step) for step in range(3)])
        assert [each.event_ns - NOON_NS for each in await stored(query, device)] == [2, 1, 0]

    async def test_devices_do_not_mix(self, store: ObservationStore, query: ReadingQuery) -> None:
        one, other = a_fresh_device(), a_fresh_device()
        await store.write([occupied(one, True), occupied(other, False)])
        assert list((await values(query, one)).values()) == [True]
        assert list((await values(query, other)).values()) == [False]

    async def test_every_order_and_every_cut_of_the_same_writes_gives_the_same(
        self, store: ObservationStore, query: ReadingQuery
    ) -> None:
        seen = []
        for order in permutations(range(4)):
            device = a_fresh_device()
            written = [occupied(device, number % 3, number // 2, str(number % 2)) for number in range(4)]
            cut = Random(str(order)).randrange(5)
            shuffled = [written[index] for index in order]
            await store.write(shuffled[:cut])
            await store.write(shuffled[cut:])
            seen.append(await values(query, device))
        assert all(each == seen[0] for each in seen)

    async def test_concurrent_writes_are_all_kept(self, store: ObservationStore, query: ReadingQuery) -> None:
        device = a_fresh_device()
        batches = [
            [an_observation(dev_eui=device, event_ns=NOON_NS + 100 * batch + step) for step in range(20)]
            for batch in range(5)
        ]
        await asyncio.gather(*[store.write(batch) for batch in batches])
        assert len(await stored(query, device)) == 100
