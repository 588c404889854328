"""Lamps and circuits, from what controllers said last and the administration says."""

import pytest

from application.errors import NotFound
from application.lighting import Lighting
from domain.device import DeviceEntry
from domain.errors import InvalidValue
from domain.identifiers import DevEui
from domain.lighting import AlarmKind, Cabinet, Circuit, Gear, Lamp, SwitchingSchedule
from domain.observation import Reading
from tests.unit.application.city import City, at

EUIS = [f"{number:016x}" for number in range(1, 5)]
ON, OFF = Reading("lamp.dim_level", "dali3", 100.0), Reading("lamp.dim_level", "dali3", 0.0)
HOUR = 60


@pytest.fixture
async def city() -> City:
    """Return two circuits of two lamps, switched from 18:00 to 06:00 UTC; it is 20:00."""
    city = City()
    city.now(8 * HOUR)
    await city.knows(
        SwitchingSchedule("nachts", 1, 0, ("18:00/06:00",), "UTC"),
        Cabinet("schrank-1", 1, "Karlstraße"),
        *(Circuit(f"kreis-{number}", 1, 0, "schrank-1", "nachts", expected_interval_s=3_600) for number in (1, 2)),
        *(Lamp(f"lampe-{number}", 1, 0, f"kreis-{(number + 1) // 2}", EUIS[number - 1]) for number in range(1, 5)),
    )
    for eui in EUIS:
        await city.is_at(7.5 * HOUR, eui, [(7.5 * HOUR, ON)])
    return city


def lighting(city: City) -> Lighting:
    """Return the use case over the city."""
    return Lighting(city.states, city.records, city.clock)


async def test_a_lamp_says_how_it_is(city: City) -> None:
    await city.knows(Gear("lampe-1", 1, at(-1_000), "XS-17"))
    energy = Reading("electricity.energy.active.import", "internal", 52_340_000, -4)
    await city.is_at(7.5 * HOUR, EUIS[0], [(7.5 * HOUR, ON), (7 * HOUR, energy)])
    view = await lighting(city).lamp("lampe-1")
    assert view.is_lit
    assert view.is_planned
    assert not view.is_silent
    assert view.state.energy is not None
    assert (view.state.energy.value, view.state.energy.exponent) == (52_340_000, -4)
    assert view.gear is not None
    assert view.gear.serial == "XS-17"


async def test_dark_by_day_is_not_silent(city: City) -> None:
    city.now(23 * HOUR)
    assert not (await lighting(city).lamp("lampe-1")).is_planned
    for eui in EUIS:
        await city.is_at(17.5 * HOUR, eui, [(17.5 * HOUR, ON)])
    city.now(30.4 * HOUR)
    assert await lighting(city).alarms() == []
    city.now(30.6 * HOUR)
    [alarm] = await lighting(city).alarms()
    assert alarm.kind is AlarmKind.CABINET_DARK


async def test_one_silent_lamp_is_one_alarm_and_a_dark_circuit_too(city: City) -> None:
    await city.is_at(-1 * HOUR, EUIS[0])
    [alarm] = await lighting(city).alarms()
    assert (alarm.kind, alarm.subject) == (AlarmKind.LAMP_SILENT, "lampe-1")
    await city.is_at(7 * HOUR, EUIS[1], [(7 * HOUR, OFF)])
    [alarm] = await lighting(city).alarms()
    assert (alarm.kind, alarm.subject, alarm.lamps) == (AlarmKind.CIRCUIT_DARK, "kreis-1", ("lampe-1", "lampe-2"))


async def test_a_lamp_that_was_never_heard_is_silent_since_it_was_registered(city: City) -> None:
    await city.knows(Lamp("lampe-5", 1, at(7.5 * HOUR), "kreis-2", "00000000000000ff"))
    assert await lighting(city).alarms() == []
    await city.knows(Lamp("lampe-6", 1, at(6.5 * HOUR), "kreis-2", "00000000000000fe"))
    assert [alarm.subject for alarm in await lighting(city).alarms()] == ["lampe-6"]


async def test_what_a_lamp_said_before_it_was_switched_on_does_not_make_it_dark(city: City) -> None:
    await city.is_at(7.5 * HOUR, EUIS[0], [(5 * HOUR, OFF)])
    assert not (await lighting(city).lamp("lampe-1")).is_dark


async def test_a_lamp_has_a_quarter_of_an_hour_to_begin(city: City) -> None:
    await city.is_at(6.1 * HOUR, EUIS[0], [(6.1 * HOUR, OFF)])
    city.now(6.9 * HOUR)
    assert not (await lighting(city).lamp("lampe-1")).is_dark
    await city.is_at(6.3 * HOUR, EUIS[0], [(6.3 * HOUR, OFF)])
    assert (await lighting(city).lamp("lampe-1")).is_dark


async def test_faults_that_stand_are_named_and_those_of_others_are_not(city: City) -> None:
    await city.knows(Lamp("lampe-1", 2, 0, "kreis-1", EUIS[0], "dali3"))
    said = [
        (7.0, Reading("lamp.fault", channel, faulty))
        for channel, faulty in [("lamp.dali3", True), ("lamp.latched", True), ("bus", False), ("lamp.dali4", True)]
    ]
    await city.is_at(7.5 * HOUR, EUIS[0], said)
    assert (await lighting(city).lamp("lampe-1")).faults == ("lamp.dali3", "lamp.latched")
    [alarm] = await lighting(city).alarms()
    assert (alarm.kind, alarm.subject) == (AlarmKind.LAMP_FAULTY, "lampe-1")


async def test_a_latched_flag_is_no_alarm(city: City) -> None:
    await city.is_at(7.5 * HOUR, EUIS[0], [(7.0, Reading("lamp.fault", "lamp.latched", True))])
    assert (await lighting(city).lamp("lampe-1")).faults == ("lamp.latched",)
    assert await lighting(city).alarms() == []


async def test_circuits_count_their_lamps(city: City) -> None:
    await city.is_at(-1 * HOUR, EUIS[0])
    first, second = await lighting(city).circuits(size=9)
    assert (first.circuit.circuit_id, first.lamps, first.lit, first.silent) == ("kreis-1", 2, 1, 1)
    assert [alarm.subject for alarm in first.alarms] == ["lampe-1"]
    assert (second.lamps, second.lit, second.silent, second.is_planned) == (2, 2, 0, True)
    assert [view.circuit.circuit_id for view in await lighting(city).circuits(size=1, after="kreis-1")] == ["kreis-2"]


async def test_a_circuit_of_a_dark_cabinet_names_its_own_lamps(city: City) -> None:
    for eui in EUIS:
        await city.is_at(0, eui)
    first, second = await lighting(city).circuits(size=9)
    assert [(alarm.kind, alarm.lamps) for view in (first, second) for alarm in view.alarms] == [
        (AlarmKind.CABINET_DARK, ("lampe-1", "lampe-2")),
        (AlarmKind.CABINET_DARK, ("lampe-3", "lampe-4")),
    ]


async def test_lamps_come_by_name_and_by_circuit(city: City) -> None:
    whole = [view.lamp.lamp_id for view in await lighting(city).lamps(size=9)]
    assert whole == ["lampe-1", "lampe-2", "lampe-3", "lampe-4"]
    assert [view.lamp.lamp_id for view in await lighting(city).lamps(size=9, circuit="kreis-2")] == whole[2:]
    assert [view.lamp.lamp_id for view in await lighting(city).lamps(size=1, after="lampe-2")] == ["lampe-3"]


async def test_without_a_circuit_the_registry_says_how_often_a_controller_speaks(city: City) -> None:
    await city.knows(Lamp("solo", 1, 0, "", EUIS[0]), DeviceEntry(DevEui(EUIS[0]), 1, expected_interval_s=900))
    view = await lighting(city).lamp("solo")
    assert view.is_silent
    assert view.is_planned is None


async def test_a_circuit_that_always_has_power_is_asked_by_day_too(city: City) -> None:
    always = Circuit("kreis-1", 2, 0, "schrank-1", "nachts", is_switched=False, expected_interval_s=3_600)
    await city.knows(always)
    for eui in EUIS:
        await city.is_at(17.5 * HOUR, eui)
    city.now(20 * HOUR)
    assert [alarm.subject for alarm in await lighting(city).alarms()] == ["kreis-1"]


async def test_what_is_not_registered_is_not_found(city: City) -> None:
    with pytest.raises(NotFound):
        await lighting(city).lamp("lampe-9")
    await city.knows(Lamp("lampe-1", 2, 0, removed=True))
    with pytest.raises(NotFound):
        await lighting(city).lamp("lampe-1")


async def test_a_schedule_in_a_zone_that_is_none_is_named(city: City) -> None:
    await city.knows(SwitchingSchedule("nachts", 2, 0, ("18:00/06:00",), "Europe/Ulm"))
    with pytest.raises(InvalidValue, match="Europe/Ulm"):
        await lighting(city).lamp("lampe-1")
