"""Spots and zones, from what sensors said and the administration says."""

from collections.abc import Sequence

import pytest

from adapters.memory.master_data import MemoryMasterData
from application.errors import NotFound
from application.parking import Parking
from application.ports.master_data import R
from domain.between import Between, exactly
from domain.device import DeviceEntry
from domain.identifiers import DevEui
from domain.observation import Reading
from domain.parking import Closure, Occupancy, Overstay, ParkingZone, Spot, SpotCount, SpotKind, TimeUse, Turnover
from tests.support.builders import DEV
from tests.unit.application.city import MINUTE, City, at
from tests.unit.application.counter_gaps import CounterGaps

OTHER = "00000000000000aa"
FREE, TAKEN = Reading("parking.occupied", "", False), Reading("parking.occupied", "", True)
STARTUP = Reading("device.lifecycle", "", "startup")


@pytest.fixture
async def city() -> City:
    city = City()
    city.now(600)
    await city.knows(
        ParkingZone("hafen", 1, "Hafen", {"charging": 3_600}),
        Spot("hafen-1", 1, 0, "hafen", dev_eui=DEV),
        Spot("hafen-2", 1, 0, "hafen", SpotKind.CHARGING, dev_eui=OTHER),
        Spot("hafen-3", 1, 0, "hafen"),
        Spot("markt-1", 1, 0, "markt"),
    )
    return city


def parking(city: City) -> Parking:
    """Return the use case over the city."""
    return Parking(city.readings, city.states, city.records, CounterGaps(), city.clock)


async def test_a_spot_says_since_when_it_is_as_it_is(city: City) -> None:
    await city.hears(0, FREE, f_cnt=1)
    await city.hears(10, TAKEN, f_cnt=2)
    state = await parking(city).spot("hafen-1")
    assert (state.occupancy, state.since, state.at_ns) == (Occupancy.OCCUPIED, exactly(at(10)), at(600))


async def test_a_counter_that_is_missing_leaves_the_beginning_open(city: City) -> None:
    await city.hears(0, FREE, f_cnt=1)
    await city.hears(10, TAKEN, f_cnt=3)
    assert (await parking(city).spot("hafen-1")).since == Between(at(0), at(10))


async def test_a_frame_that_comes_late_closes_what_was_open(city: City) -> None:
    await city.hears(0, FREE, f_cnt=1)
    await city.hears(10, TAKEN, f_cnt=3)
    await city.hears(5, FREE, f_cnt=2)
    assert (await parking(city).spot("hafen-1")).since == exactly(at(10))


async def test_what_the_network_server_says_of_a_device_is_no_frame(city: City) -> None:
    await city.hears(0, FREE, f_cnt=41)
    await city.hears(5, Reading("device.battery.level", "", 90.0), decoder="")
    await city.hears(10, TAKEN, f_cnt=42)
    assert (await parking(city).spot("hafen-1")).since == exactly(at(10))


async def test_a_restart_is_uncertain(city: City) -> None:
    await city.hears(0, TAKEN, f_cnt=1)
    await city.hears(10, FREE, STARTUP, f_cnt=0)
    state = await parking(city).spot("hafen-1")
    assert (state.occupancy, state.reason) == (Occupancy.UNKNOWN, "restarted")


async def test_the_state_of_the_past_is_what_was_known_of_it(city: City) -> None:
    await city.hears(0, FREE, f_cnt=1)
    await city.hears(10, TAKEN, f_cnt=2)
    assert (await parking(city).spot("hafen-1", at(9))).occupancy is Occupancy.FREE
    assert (await parking(city).spot("hafen-1", at(10))).occupancy is Occupancy.OCCUPIED


async def test_a_stay_that_began_many_readings_ago_is_found(city: City) -> None:
    await city.hears(-10, FREE, f_cnt=1)
    for number in range(600):
        await city.hears(number, TAKEN, Reading("device.battery.voltage", "", 3.0), f_cnt=2 + number)
    assert (await parking(city).spot("hafen-1", at(599))).since == exactly(at(0))


async def test_a_sensor_that_should_have_spoken_makes_a_spot_unknown(city: City) -> None:
    await city.knows(DeviceEntry(DevEui(DEV), 1, expected_interval_s=3_600))
    await city.hears(0, FREE, f_cnt=1)
    assert (await parking(city).spot("hafen-1", at(60))).occupancy is Occupancy.FREE
    silent = await parking(city).spot("hafen-1", at(61))
    assert (silent.occupancy, silent.reason, silent.since) == (Occupancy.UNKNOWN, "silent", exactly(at(0)))
    await city.is_at(580)
    assert (await parking(city).spot("hafen-1")).occupancy is Occupancy.FREE


async def test_what_a_sensor_said_before_it_was_put_in_place_of_another_is_not_asked(city: City) -> None:
    await city.hears(0, TAKEN, f_cnt=1)
    await city.knows(Spot("hafen-1", 2, 0, "hafen", dev_eui=OTHER), Spot("hafen-1", 1, at(30), "hafen", dev_eui=DEV))
    assert (await parking(city).spot("hafen-1")).reason == "no_report"


async def test_spots_come_by_name_and_page_by_page(city: City) -> None:
    whole = [state.spot.spot_id for state in await parking(city).spots(size=10)]
    assert whole == ["hafen-1", "hafen-2", "hafen-3", "markt-1"]
    assert [state.spot.spot_id for state in await parking(city).spots(size=2, after="hafen-1")] == whole[1:3]
    assert [state.spot.spot_id for state in await parking(city).spots(size=9, zone="markt")] == ["markt-1"]


async def test_a_spot_with_many_versions_is_one_spot(city: City) -> None:
    await city.knows(Spot("hafen-1", 1, at(30), "markt"), Spot("hafen-1", 1, at(60), removed=True))
    assert [state.spot.spot_id for state in await parking(city).spots(size=9)] == ["hafen-2", "hafen-3", "markt-1"]
    past = await parking(city).spots(size=9, zone="markt", at_ns=at(45))
    assert [state.spot.spot_id for state in past] == ["hafen-1", "markt-1"]
    with pytest.raises(NotFound):
        await parking(city).spot("hafen-1")


async def test_a_zone_counts_its_spots(city: City) -> None:
    await city.hears(0, TAKEN, f_cnt=1)
    await city.hears(0, FREE, f_cnt=1, dev_eui=OTHER)
    await city.hears(10, TAKEN, f_cnt=2, dev_eui=OTHER)
    await city.knows(Closure(1, at(500), spot_id="hafen-3"))
    zone = await parking(city).zone("hafen")
    assert zone.count.total == SpotCount(2, 0, 0, 1, overstayed=1)
    assert zone.count.by_kind[SpotKind.CHARGING].overstayed == 1
    assert [each.zone.zone_id for each in await parking(city).zones(size=9)] == ["hafen"]
    assert (await parking(city).zone("hafen", at(400))).count.total == SpotCount(2, 0, 1, 0, overstayed=1)


async def test_a_spot_that_gets_another_limit_is_as_it_was(city: City) -> None:
    await city.hears(0, FREE, f_cnt=1)
    await city.hears(10, TAKEN, f_cnt=2)
    await city.knows(Spot("hafen-1", 1, at(100), "markt", dev_eui=DEV, max_stay_s=60))
    state = await parking(city).spot("hafen-1")
    assert (state.occupancy, state.since, state.overstay) == (Occupancy.OCCUPIED, exactly(at(10)), Overstay.CERTAIN)


async def test_the_use_of_a_spot_goes_on_when_it_gets_another_limit(city: City) -> None:
    for number, (minute, said) in enumerate([(0, FREE), (10, TAKEN), (200, FREE), (300, TAKEN)]):
        await city.hears(minute, said, f_cnt=number)
    before = await parking(city).use("hafen-1", at(0), at(400))
    await city.knows(Spot("hafen-1", 1, at(100), "markt", dev_eui=DEV, max_stay_s=3_600))
    use = await parking(city).use("hafen-1", at(0), at(400))
    assert use.turnover == before.turnover == Turnover(2, 2)
    assert use.time == before.time
    assert [each.stay for each in use.stays] == [each.stay for each in before.stays]
    assert [each.overstay for each in use.stays] == [Overstay.CERTAIN, Overstay.CERTAIN]


async def test_what_a_sensor_said_in_another_time_at_a_spot_is_not_its_state(city: City) -> None:
    await city.hears(10, TAKEN, f_cnt=2)
    await city.knows(Spot("hafen-1", 1, at(100), "hafen", dev_eui=OTHER), Spot("hafen-1", 1, at(200), dev_eui=DEV))
    assert (await parking(city).spot("hafen-1")).occupancy is Occupancy.UNKNOWN


async def test_a_page_of_zones_reads_the_spots_once(city: City) -> None:
    asked: list[object] = []

    class Watched(MemoryMasterData):
        async def page(self, kind: type[R], *, size: int, after: str = "", prefix: str = "") -> Sequence[R]:
            asked.append(kind)
            return await super().page(kind, size=size, after=after, prefix=prefix)

    city.records = Watched()
    await city.knows(*(ParkingZone(f"zone-{number}", 1) for number in range(9)), Spot("markt-1", 1, 0, "zone-3"))
    zones = await parking(city).zones(size=9)
    assert [each.count.total.capacity for each in zones] == [0, 0, 0, 1, 0, 0, 0, 0, 0]
    assert asked.count(Spot) == 1


async def test_what_is_not_registered_is_not_found(city: City) -> None:
    with pytest.raises(NotFound):
        await parking(city).spot("hafen-9")
    with pytest.raises(NotFound):
        await parking(city).zone("wald")
    with pytest.raises(NotFound):
        await parking(city).use("hafen-9", at(0), at(1))


async def test_the_use_of_a_spot_has_turnover_time_and_stays(city: City) -> None:
    await city.hears(-5, FREE, f_cnt=1, dev_eui=OTHER)
    await city.hears(10, TAKEN, f_cnt=2, dev_eui=OTHER)
    await city.hears(90, FREE, f_cnt=3, dev_eui=OTHER)
    await city.hears(100, TAKEN, f_cnt=4, dev_eui=OTHER)
    use = await parking(city).use("hafen-2", at(0), at(120))
    assert use.turnover == Turnover(2, 2)
    assert use.time == TimeUse(100 * MINUTE, 20 * MINUTE, 0)
    assert [each.overstay for each in use.stays] == [Overstay.CERTAIN, Overstay.NO]


async def test_what_may_have_been_lost_at_the_end_of_a_window_leaves_it_open(city: City) -> None:
    await city.hears(0, FREE, f_cnt=1)
    await city.hears(100, FREE, f_cnt=3)
    use = await parking(city).use("hafen-1", at(1), at(60))
    assert use.turnover == Turnover(0, 1)
    assert (await parking(city).use("hafen-1", at(1), at(120))).turnover == Turnover(0, 1)


async def test_stays_that_begin_after_the_window_are_none_of_it(city: City) -> None:
    await city.hears(0, FREE, f_cnt=1)
    await city.hears(70, TAKEN, f_cnt=2)
    use = await parking(city).use("hafen-1", at(1), at(60))
    assert (use.stays, use.turnover) == ([], Turnover(0, 0))


async def test_what_a_sensor_said_at_another_spot_before_is_not_asked(city: City) -> None:
    await city.hears(0, TAKEN, f_cnt=1)
    await city.knows(Spot("hafen-1", 1, at(30), "hafen", dev_eui=OTHER), Spot("hafen-9", 1, at(30), dev_eui=DEV))
    await city.hears(40, FREE, f_cnt=2)
    use = await parking(city).use("hafen-9", at(30), at(60))
    assert use.time == TimeUse(0, 20 * MINUTE, 10 * MINUTE)
    assert (await parking(city).use("hafen-1", at(0), at(30))).time == TimeUse(30 * MINUTE, 0, 0)


async def test_the_future_is_not_used(city: City) -> None:
    await city.hears(0, FREE, f_cnt=1)
    use = await parking(city).use("hafen-1", at(590), at(10_000))
    assert (use.until_ns, use.time.window_ns) == (at(600), 10 * MINUTE)


async def test_a_spot_without_sensor_is_used_nobody_knows_how(city: City) -> None:
    use = await parking(city).use("hafen-3", at(0), at(60))
    assert use.turnover == Turnover(0, None)
    assert use.time == TimeUse(0, 0, 60 * MINUTE)


async def test_the_use_of_two_sensors_of_a_spot_is_put_together(city: City) -> None:
    await city.knows(Spot("hafen-1", 1, at(60), "hafen", dev_eui=OTHER))
    await city.hears(-5, FREE, f_cnt=1)
    await city.hears(30, TAKEN, f_cnt=2)
    await city.hears(60, TAKEN, f_cnt=0, dev_eui=OTHER)
    use = await parking(city).use("hafen-1", at(0), at(120))
    assert use.time == TimeUse(90 * MINUTE, 30 * MINUTE, 0)
    assert len(use.stays) == 2
