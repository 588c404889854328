"""Who should have spoken, and has not."""

from application.devices import Devices
from domain.device import DeviceEntry
from domain.identifiers import DevEui
from domain.lighting import Circuit, Lamp, SwitchingSchedule
from tests.unit.application.city import City, at


def eui(number: int) -> DevEui:
    """Return the DevEUI of a device by its number."""
    return DevEui(f"{number:016x}")


async def a_city(count: int, *, heard: float) -> City:
    """Return ``count`` hourly devices, all heard at that time; it is ten hours after noon."""
    city = City()
    city.now(600)
    for number in range(1, count + 1):
        await city.knows(DeviceEntry(eui(number), 1, zone="mitte", installed_ns=at(0), expected_interval_s=3_600))
        await city.is_at(heard, eui(number))
    return city


def devices(city: City) -> Devices:
    """Return the use case over the city."""
    return Devices(city.states, city.records, city.clock)


async def test_devices_that_are_late_are_silent() -> None:
    city = await a_city(3, heard=570)
    await city.is_at(500, eui(2))
    [silent] = await devices(city).silent(size=9)
    assert (silent.entry.dev_eui, silent.since_ns) == (eui(2), at(500))


async def test_a_device_that_was_never_heard_is_silent_since_its_installation() -> None:
    city = await a_city(0, heard=0)
    await city.knows(DeviceEntry(eui(9), 1, installed_ns=at(100), expected_interval_s=60))
    [silent] = await devices(city).silent(size=9)
    assert (silent.since_ns, silent.state) == (at(100), None)


async def test_of_devices_without_expectation_nothing_is_said() -> None:
    city = await a_city(0, heard=0)
    await city.knows(DeviceEntry(eui(9), 1))
    assert await devices(city).silent(size=9) == []


async def test_a_controller_without_power_by_day_is_not_silent() -> None:
    city = await a_city(1, heard=0)
    await city.knows(
        SwitchingSchedule("nachts", 1, 0, ("18:00/06:00",), "UTC"),
        Circuit("kreis-1", 1, 0, "", "nachts"),
        Lamp("lampe-1", 1, 0, "kreis-1", eui(1)),
    )
    city.now(5.9 * 60)
    assert await devices(city).silent(size=9) == []
    city.now(7.1 * 60)
    assert [each.entry.dev_eui for each in await devices(city).silent(size=9)] == [eui(1)]
    await city.knows(Circuit("kreis-1", 2, 0, "", "nachts", is_switched=False))
    city.now(5.9 * 60)
    assert len(await devices(city).silent(size=9)) == 1


async def test_pages_join_without_gap_or_repeat() -> None:
    city = await a_city(40, heard=100)
    found: list[str] = []
    while page := await devices(city).silent(size=7, after=found[-1] if found else ""):
        found += [each.entry.dev_eui for each in page]
    assert found == [eui(number) for number in range(1, 41)]


async def test_a_zone_has_its_own_silent_devices() -> None:
    city = await a_city(1, heard=100)
    assert await devices(city).silent(size=9, zone="hafen") == []
    assert len(await devices(city).silent(size=9, zone="mitte")) == 1
