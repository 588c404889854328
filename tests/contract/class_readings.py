"""What every store of observations promises to those who ask by data class and time."""

from datetime import UTC, datetime
from itertools import pairwise
from random import Random
from uuid import uuid4

import pytest
from msgspec.structs import replace

from application.ports.class_readings import ClassFilter, ClassReadings, place_of
from application.ports.observation_store import ObservationStore
from application.ports.reading_query import StoredReading
from domain.observation import DataClass, Observation, Reading
from tests.contract.devices import a_fresh_device
from tests.support.builders import a_reading, an_observation

DAY_NS = 86_400 * 1_000_000_000
S = 1_000_000_000
ENERGY, POWER, BATTERY, OCCUPIED = (
    "electricity.energy.active.import",
    "electricity.power.active",
    "device.battery.level",
    "parking.occupied",
)
PERSONAL, INFRASTRUCTURE = DataClass.METER_PERSONAL, DataClass.INFRASTRUCTURE
_YEAR_2100_NS = int(datetime(2100, 1, 1, tzinfo=UTC).timestamp()) * S


async def streamed(query: ClassReadings, asked: ClassFilter) -> list[StoredReading]:
    """Return all that is asked for; chunks are small and never empty."""
    chunks = [list(chunk) async for chunk in query.stream(asked)]
    assert all(0 < len(chunk) <= 1_000 for chunk in chunks)
    return [each for chunk in chunks for each in chunk]


class ClassReadingsContract:
    """Subclass with the fixtures ``store`` and ``by_class`` over the same storage; it need not be empty."""

    @pytest.fixture
    def since_ns(self) -> int:
        """Return the start of some days that nobody else writes about."""
        return _YEAR_2100_NS + uuid4().int % 40_000 * DAY_NS

    @pytest.fixture
    async def written(self, store: ObservationStore, since_ns: int) -> list[Observation]:
        """Store what four devices said at five instants over two days, in no order."""
        devices = [a_fresh_device() for _ in range(4)]
        instants = [since_ns, since_ns + 1, since_ns + 599 * S, since_ns + 600 * S, since_ns + DAY_NS]
        observations = [
            an_observation(
                a_reading(ENERGY, "t1", 1),
                a_reading(ENERGY, "", 2),
                a_reading(BATTERY, "", 90.0),
                dev_eui=device,
                event_ns=event_ns,
            )
            for device in devices
            for event_ns in instants
        ]
        Random(since_ns).shuffle(observations)
        await store.write(observations)
        return observations

    async def test_the_readings_of_a_class_come_oldest_first_then_by_device_and_name(
        self, by_class: ClassReadings, written: list[Observation], since_ns: int
    ) -> None:
        found = await streamed(by_class, ClassFilter(PERSONAL, since_ns, since_ns + 2 * DAY_NS))
        assert [place_of(each) for each in found] == sorted(
            (each.event_ns, each.dev_eui, ENERGY, channel) for each in written for channel in ("", "t1")
        )

    async def test_each_class_has_its_own(
        self, by_class: ClassReadings, written: list[Observation], since_ns: int
    ) -> None:
        found = await streamed(by_class, ClassFilter(INFRASTRUCTURE, since_ns, since_ns + 2 * DAY_NS))
        assert len(found) == len(written)
        assert {each.reading.measurand for each in found} == {BATTERY}
        assert await streamed(by_class, ClassFilter(DataClass.LOCATION, since_ns, since_ns + 2 * DAY_NS)) == []

    async def test_a_measurand_that_nobody_knows_is_personal(
        self, store: ObservationStore, by_class: ClassReadings, since_ns: int
    ) -> None:
        await store.write([an_observation(a_reading("tomorrow.thing"), event_ns=since_ns)])
        [found] = await streamed(by_class, ClassFilter(PERSONAL, since_ns, since_ns + 1))
        assert found.reading.measurand == "tomorrow.thing"

    @pytest.mark.usefixtures("written")
    async def test_the_range_has_its_first_instant_and_not_its_last(
        self, by_class: ClassReadings, since_ns: int
    ) -> None:
        found = await streamed(by_class, ClassFilter(INFRASTRUCTURE, since_ns + 1, since_ns + 600 * S))
        assert sorted({each.event_ns - since_ns for each in found}) == [1, 599 * S]
        assert await streamed(by_class, ClassFilter(INFRASTRUCTURE, since_ns + 1, since_ns + 1)) == []

    async def test_only_the_measurands_asked_for_come(
        self, store: ObservationStore, by_class: ClassReadings, since_ns: int
    ) -> None:
        await store.write([an_observation(a_reading(ENERGY, "", 1), a_reading(POWER, "", 2.0), event_ns=since_ns)])
        asked = ClassFilter(PERSONAL, since_ns, since_ns + 1, measurands=frozenset({POWER, BATTERY}))
        assert [each.reading.measurand for each in await streamed(by_class, asked)] == [POWER]

    async def test_only_the_device_types_asked_for_come(
        self, store: ObservationStore, by_class: ClassReadings, since_ns: int
    ) -> None:
        for kind in ("bosch_tps110", "nwave_nps310sm", "bosch_tps110"):
            occupied = an_observation(a_reading(OCCUPIED, "", True), dev_eui=a_fresh_device(), event_ns=since_ns)
            await store.write([replace(occupied, device_type=kind)])
        asked = ClassFilter(DataClass.OCCUPANCY, since_ns, since_ns + 1, device_types=frozenset({"bosch_tps110"}))
        assert [each.device_type for each in await streamed(by_class, asked)] == ["bosch_tps110", "bosch_tps110"]

    @pytest.mark.usefixtures("written")
    async def test_a_stream_goes_on_after_the_last_reading_seen(self, by_class: ClassReadings, since_ns: int) -> None:
        asked = ClassFilter(PERSONAL, since_ns, since_ns + 2 * DAY_NS)
        whole = await streamed(by_class, asked)
        for seen in (0, 3, 4, 7, len(whole) - 1):
            rest = await streamed(by_class, replace(asked, after=place_of(whole[seen])))
            assert rest == whole[seen + 1 :]

    async def test_of_a_corrected_reading_only_the_later_learned_comes(
        self, store: ObservationStore, by_class: ClassReadings, since_ns: int
    ) -> None:
        device = a_fresh_device()
        for value, written_us in ((2, 20), (1, 10)):
            reading = a_reading(ENERGY, "", value, -4)
            await store.write([an_observation(reading, dev_eui=device, event_ns=since_ns, written_us=written_us)])
        [found] = await streamed(by_class, ClassFilter(PERSONAL, since_ns, since_ns + 1))
        assert (found.reading.value, found.reading.exponent, found.written_us) == (2, -4, 20)

    async def test_a_reading_that_was_withdrawn_is_answered_to_nobody(
        self, store: ObservationStore, by_class: ClassReadings, since_ns: int
    ) -> None:
        device = a_fresh_device()
        both = [a_reading(ENERGY, "", 1), a_reading(BATTERY, "", 90.0)]
        await store.write([an_observation(*both, dev_eui=device, event_ns=since_ns, written_us=10)])
        gone = Reading(ENERGY, "", 1, quality="withdrawn")
        await store.write([an_observation(gone, dev_eui=device, event_ns=since_ns, written_us=20)])
        assert await streamed(by_class, ClassFilter(PERSONAL, since_ns, since_ns + 1)) == []
        assert len(await streamed(by_class, ClassFilter(INFRASTRUCTURE, since_ns, since_ns + 1))) == 1

    async def test_a_stream_of_many_is_whole_and_in_order(
        self, store: ObservationStore, by_class: ClassReadings, since_ns: int
    ) -> None:
        devices = [a_fresh_device() for _ in range(30)]
        for step in range(100):
            at_once = [
                an_observation(a_reading(OCCUPIED, "", True), dev_eui=device, event_ns=since_ns + step * 7 * S)
                for device in devices
            ]
            await store.write(at_once)
        found = await streamed(by_class, ClassFilter(DataClass.OCCUPANCY, since_ns, since_ns + DAY_NS))
        assert len(found) == 3_000
        assert all(place_of(one) < place_of(other) for one, other in pairwise(found))
