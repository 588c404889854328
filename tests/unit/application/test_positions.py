"""Where devices are, from what they and the administration say."""

import pytest

from adapters.memory.device_registry import MemoryDeviceRegistry
from application.errors import NotFound
from application.positions import Positions
from domain.device import DeviceEntry
from domain.identifiers import DevEui
from domain.observation import DataClass, Position, Reading
from tests.support.builders import DEV, a_device
from tests.unit.application.city import City, at

WEINHOF = Position(483_960_000, 99_900_000, "surveyed")


def place(source: str = "gnss", north: int = 0) -> Reading:
    """Return a position."""
    return Reading("position", "", Position(483_960_000 + north, 99_930_000, source))


async def positions(city: City) -> Positions:
    """Return the use case over the city, which knows one device."""
    devices = MemoryDeviceRegistry()
    await devices.register([a_device(DEV)])
    return Positions(city.readings, devices, city.records, city.clock)


@pytest.fixture
def city() -> City:
    city = City()
    city.now(600)
    return city


async def test_the_best_source_of_the_last_hour_counts(city: City) -> None:
    await city.hears(0, place("gnss"))
    await city.hears(500, place("wifi", 1))
    await city.hears(540, place("tdoa", 2))
    found = await (await positions(city)).position(DevEui(DEV))
    assert found.best is not None
    assert (found.best.place.source, found.best.event_ns) == ("wifi", at(500))
    assert found.data_class is DataClass.LOCATION


async def test_a_device_that_was_installed_stays_where_it_was_surveyed(city: City) -> None:
    await city.knows(DeviceEntry(DevEui(DEV), 1, place=WEINHOF, data_class="infrastructure"))
    await city.hears(500, place("tdoa"))
    found = await (await positions(city)).position(DevEui(DEV))
    assert found.best is not None
    assert (found.best.place, found.best.is_installed) == (WEINHOF, True)
    assert found.data_class is DataClass.INFRASTRUCTURE


async def test_before_it_was_installed_it_was_elsewhere(city: City) -> None:
    await city.knows(DeviceEntry(DevEui(DEV), 1, place=WEINHOF, installed_ns=at(300)))
    await city.hears(100, place("gnss", 7))
    best = (await (await positions(city)).position(DevEui(DEV), at(200))).best
    assert best is not None
    assert best.place.latitude == 483_960_007


async def test_a_receiver_without_a_fix_says_nothing(city: City) -> None:
    await city.hears(0, place("gnss"))
    await city.hears(10, place("gnss", 9), Reading("position.fix", "", False))
    best = (await (await positions(city)).position(DevEui(DEV))).best
    assert best is not None
    assert best.event_ns == at(0)


async def test_a_receiver_that_has_had_no_fix_for_days_is_where_it_was_last(city: City) -> None:
    await city.hears(-30_000, place("gnss", 5))
    for number in range(600):
        await city.hears(-10 * number, place("gnss", 9), Reading("position.fix", "", False))
    best = (await (await positions(city)).position(DevEui(DEV))).best
    assert best is not None
    assert (best.event_ns, best.place.latitude) == (at(-30_000), 483_960_005)


async def test_a_place_of_the_last_hour_counts_however_often_worse_ones_were_told(city: City) -> None:
    await city.hears(550, place("gnss", 5))
    for number in range(700):
        await city.hears(551 + number / 20, place("rssi", 9))
    best = (await (await positions(city)).position(DevEui(DEV))).best
    assert best is not None
    assert (best.place.source, best.event_ns) == ("gnss", at(550))


async def test_a_long_track_has_every_place_once(city: City) -> None:
    for number in range(1_500):
        await city.hears(number / 10, place("gnss", number), Reading("position.fix", "", number % 3 > 0))
    fixes = await (await positions(city)).track(DevEui(DEV), at(0), at(600))
    assert [fix.event_ns for fix in fixes] == [at(number / 10) for number in range(1_500) if number % 3]


async def test_nobody_may_know_where_a_device_is(city: City) -> None:
    assert (await (await positions(city)).position(DevEui(DEV))).best is None
    assert await (await positions(city)).track(DevEui(DEV), at(0), at(600)) == []


async def test_a_track_is_where_it_was(city: City) -> None:
    for minute in range(5):
        await city.hears(minute, place("gnss", minute))
    await city.hears(2.5, place("configured"))
    fixes = await (await positions(city)).track(DevEui(DEV), at(1), at(4))
    assert [fix.place.latitude - 483_960_000 for fix in fixes] == [1, 2, 3]


async def test_a_device_that_nobody_knows_is_not_found(city: City) -> None:
    stranger = DevEui("00000000000000aa")
    with pytest.raises(NotFound):
        await (await positions(city)).position(stranger)
    with pytest.raises(NotFound):
        await (await positions(city)).track(stranger, at(0), at(1))
    await city.knows(DeviceEntry(stranger, 1))
    assert (await (await positions(city)).position(stranger)).best is None
