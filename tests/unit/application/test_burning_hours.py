"""A lamp's burning hours and faults, from the readings of its controllers."""

import pytest

from application.burning_hours import LampHistories
from application.errors import NotFound
from domain.between import Between
from domain.lighting import BurningHours, Circuit, Fault, Gear, Lamp, Origin, Shortcoming, SwitchingSchedule
from domain.observation import Reading
from tests.support.builders import DEV
from tests.unit.application.city import City, at

HOUR_NS = 3_600_000_000_000
OTHER = "00000000000000aa"


@pytest.fixture
async def city() -> City:
    """Return a lamp that should burn from 18:00 to 06:00 UTC; it is noon of the next day."""
    city = City()
    city.now(24 * 60)
    await city.knows(
        SwitchingSchedule("nachts", 1, 0, ("18:00/06:00",), "UTC"),
        Circuit("kreis-1", 1, 0, schedule="nachts", expected_interval_s=3_600),
        Lamp("lampe-1", 1, 0, "kreis-1", DEV),
    )
    return city


def histories(city: City) -> LampHistories:
    """Return the use case over the city."""
    return LampHistories(city.readings, city.records, city.clock)


def on_time(hours: float, channel: str = "internal") -> Reading:
    """Return what the gear's register shows."""
    return Reading("lamp.on_time", channel, int(hours * 3_600))


async def night(city: City) -> None:
    """Let a lamp burn from 18:00 to 06:00 and tell so every hour, with its register."""
    await city.hears(0, on_time(500))
    for hour in range(6, 19):
        level = Reading("lamp.dim_level", "dali_all", 100.0)
        await city.hears(hour * 60, level, on_time(500 + hour - 6), f_cnt=hour)


async def test_both_origins_stand_beside_the_plan(city: City) -> None:
    await night(city)
    hours = await histories(city).hours("lampe-1", at(0), at(24 * 60))
    assert hours.registered == BurningHours(Origin.REGISTER, 12 * HOUR_NS)
    assert hours.computed == BurningHours(Origin.COMPUTED, 12 * HOUR_NS)
    assert hours.planned_ns == 12 * HOUR_NS


async def test_the_future_has_no_hours(city: City) -> None:
    await night(city)
    city.now(12 * 60)
    hours = await histories(city).hours("lampe-1", at(0), at(24 * 60))
    assert (hours.until_ns, hours.planned_ns) == (at(12 * 60), 6 * HOUR_NS)
    assert hours.registered.hours == hours.computed.hours == 6.0


async def test_a_new_gear_starts_anew_and_the_hours_go_on(city: City) -> None:
    await city.knows(Gear("lampe-1", 1, 0, end_s=504 * 3_600), Gear("lampe-1", 1, at(10.5 * 60)))
    await city.hears(0, on_time(500))
    await city.hears(9 * 60, on_time(503))
    await city.hears(12 * 60, on_time(1))
    await city.hears(23 * 60, on_time(7))
    hours = await histories(city).hours("lampe-1", at(0), at(24 * 60))
    assert hours.registered == BurningHours(Origin.REGISTER, 11 * HOUR_NS)


async def test_the_drivers_register_goes_before_that_of_the_controller(city: City) -> None:
    for hour, burned in ((0, 10), (23, 22)):
        await city.hears(hour * 60, on_time(burned * 2), on_time(burned, "dali9"))
    assert (await histories(city).hours("lampe-1", at(0), at(24 * 60))).registered.hours == 12.0


async def test_what_was_said_goes_before_what_follows_from_the_level(city: City) -> None:
    off = Reading("lamp.on", "dali9", False)
    await city.hears(6 * 60, Reading("lamp.dim_level", "dali9", 100.0), off)
    hours = await histories(city).hours("lampe-1", at(6 * 60), at(7 * 60))
    assert hours.computed == BurningHours(Origin.COMPUTED, 0)


async def test_a_state_that_nobody_repeats_is_believed_for_two_intervals(city: City) -> None:
    await city.hears(6 * 60, Reading("lamp.dim_level", "", 100.0))
    hours = await histories(city).hours("lampe-1", at(6 * 60), at(10 * 60))
    assert hours.computed == BurningHours(Origin.COMPUTED, 2 * HOUR_NS, 2 * HOUR_NS, (Shortcoming.STATE_UNKNOWN,))


async def test_a_lamp_keeps_its_hours_when_its_controller_is_exchanged(city: City) -> None:
    await city.knows(Lamp("lampe-1", 1, at(12 * 60), "kreis-1", OTHER))
    await city.hears(0, on_time(500, "dali9"))
    await city.hears(11 * 60, on_time(505, "dali9"))
    await city.hears(13 * 60, on_time(507, "dali9"), dev_eui=OTHER)
    await city.hears(23 * 60, on_time(512, "dali9"), dev_eui=OTHER)
    assert (await histories(city).hours("lampe-1", at(0), at(24 * 60))).registered.hours == 12.0


async def test_without_a_plan_there_is_none_to_compare(city: City) -> None:
    await city.knows(Lamp("lampe-1", 2, 0, "", DEV))
    await night(city)
    hours = await histories(city).hours("lampe-1", at(0), at(24 * 60))
    assert hours.planned_ns is None
    assert hours.registered.hours == 12.0


async def test_a_lamp_that_changes_its_circuit_follows_both_plans(city: City) -> None:
    await city.knows(
        SwitchingSchedule("kurz", 1, 0, ("18:00/02:00",), "UTC"),
        Circuit("kreis-2", 1, 0, schedule="kurz", expected_interval_s=3_600),
        Lamp("lampe-1", 1, at(24 * 60), "kreis-2", DEV),
    )
    city.now(48 * 60)
    hours = await histories(city).hours("lampe-1", at(0), at(48 * 60))
    assert hours.planned_ns == (12 + 8) * HOUR_NS


async def test_a_circuit_that_is_switched_otherwise_from_a_day_on_keeps_its_old_plan_before(city: City) -> None:
    await city.knows(
        SwitchingSchedule("kurz", 1, 0, ("18:00/02:00",), "UTC"), Circuit("kreis-1", 1, at(24 * 60), schedule="kurz")
    )
    city.now(48 * 60)
    assert (await histories(city).hours("lampe-1", at(0), at(48 * 60))).planned_ns == (12 + 8) * HOUR_NS


async def test_a_lamp_that_was_taken_down_has_no_plan_from_then_on(city: City) -> None:
    await city.knows(Lamp("lampe-1", 1, at(12 * 60), removed=True))
    assert (await histories(city).hours("lampe-1", at(0), at(24 * 60))).planned_ns == 6 * HOUR_NS


async def test_without_a_plan_for_some_of_the_time_there_is_none(city: City) -> None:
    await city.knows(Lamp("lampe-1", 1, at(12 * 60), "", DEV))
    assert (await histories(city).hours("lampe-1", at(0), at(24 * 60))).planned_ns is None


async def test_faults_are_those_of_the_lamp(city: City) -> None:
    await city.knows(Lamp("lampe-1", 2, 0, "kreis-1", DEV, "dali3"))
    for hour, faulty in ((0, False), (6, True), (8, False)):
        await city.hears(
            hour * 60, Reading("lamp.fault", "lamp.dali3", faulty), Reading("lamp.fault", "lamp.dali4", not faulty)
        )
    told = await histories(city).faults("lampe-1", at(-60), at(99 * 60))
    assert told.until_ns == at(24 * 60)
    assert told.faults == [Fault("lamp.dali3", Between(at(0), at(6 * 60)), Between(at(6 * 60), at(8 * 60)), False)]


async def test_a_fault_ends_with_its_controller_at_the_latest(city: City) -> None:
    await city.knows(Lamp("lampe-1", 1, at(10 * 60), "kreis-1", OTHER))
    await city.hears(6 * 60, Reading("lamp.fault", "driver", True))
    await city.hears(11 * 60, Reading("lamp.fault", "driver", False), dev_eui=OTHER)
    [fault] = (await histories(city).faults("lampe-1", at(0), at(24 * 60))).faults
    assert fault.until == Between(at(6 * 60), at(10 * 60))
    assert fault.shortest_ns(at(24 * 60)) == 0


async def test_a_fault_goes_on_while_its_lamp_only_changes_its_circuit(city: City) -> None:
    await city.knows(Lamp("lampe-1", 1, at(10 * 60), "kreis-2", DEV))
    await city.hears(6 * 60, Reading("lamp.fault", "driver", True))
    await city.hears(11 * 60, Reading("lamp.fault", "driver", False))
    [fault] = (await histories(city).faults("lampe-1", at(0), at(24 * 60))).faults
    assert fault.until == Between(at(6 * 60), at(11 * 60))


async def test_a_fault_that_began_before_the_window_is_known_from_its_beginning(city: City) -> None:
    for hour, faulty in ((0, False), (6, True), (20, False)):
        await city.hears(hour * 60, Reading("lamp.fault", "driver", faulty))
    for since, until, told in ((7, 24, 1), (8, 9, 1), (21, 24, 0)):
        found = (await histories(city).faults("lampe-1", at(since * 60), at(until * 60))).faults
        assert [fault.since for fault in found] == [Between(at(0), at(6 * 60))] * told


async def test_a_lamp_that_is_not_registered_is_not_found(city: City) -> None:
    with pytest.raises(NotFound):
        await histories(city).hours("lampe-9", at(0), at(1))
    with pytest.raises(NotFound):
        await histories(city).faults("lampe-9", at(0), at(1))
