"""Who is silent, and what is told of it."""

from domain.lighting import AlarmKind, LampAlarm, LampHealth, alarms, is_silent
from tests.unit.domain.lighting.nights import at

NIGHTS = ((at(5), at(19)), (at(29), at(43)))
CABINETS = {"c1": "cabinet", "c2": "cabinet", "c3": "other", "": ""}


def lamp(
    name: str, circuit: str = "c1", last_seen: float = 0, *, silent: bool = True, dark: bool = False
) -> LampHealth:
    """Return a lamp."""
    return LampHealth(name, circuit, at(last_seen), silent, dark)


def test_dark_by_day_is_not_silent() -> None:
    assert not is_silent(at(18.9), at(29), NIGHTS, 3_600)


def test_a_controller_that_does_not_speak_when_its_circuit_has_power_is_silent() -> None:
    assert not is_silent(at(18.5), at(29.4), NIGHTS, 3_600)
    assert is_silent(at(18.5), at(29.6), NIGHTS, 3_600)


def test_without_an_expected_interval_silence_says_nothing() -> None:
    assert not is_silent(at(0), at(1_000), NIGHTS, 0)


def test_one_silent_lamp_is_one_alarm() -> None:
    told = alarms([lamp("l1", last_seen=3), lamp("l2", silent=False)], CABINETS)
    assert told == [LampAlarm(AlarmKind.LAMP_SILENT, "l1", ("l1",), at(3))]


def test_a_dark_circuit_is_one_alarm_and_not_one_for_each_lamp() -> None:
    lamps = [lamp("l1", last_seen=3), lamp("l2", last_seen=4), lamp("l3", "c2", silent=False)]
    assert alarms(lamps, CABINETS) == [LampAlarm(AlarmKind.CIRCUIT_DARK, "c1", ("l1", "l2"), at(4))]


def test_a_dark_cabinet_is_one_alarm_and_not_one_for_each_circuit() -> None:
    lamps = [lamp("l1"), lamp("l2"), lamp("l3", "c2"), lamp("l4", "c3"), lamp("l5", "c3", silent=False)]
    assert alarms(lamps, CABINETS) == [
        LampAlarm(AlarmKind.CABINET_DARK, "cabinet", ("l1", "l2", "l3"), at(0)),
        LampAlarm(AlarmKind.LAMP_SILENT, "l4", ("l4",), at(0)),
    ]


def test_a_circuit_is_dark_before_the_last_of_its_lamps_is_missed() -> None:
    lamps = [lamp(f"l{number}", last_seen=number) for number in range(3)] + [lamp("l3", silent=False)]
    assert alarms(lamps, CABINETS) == [LampAlarm(AlarmKind.CIRCUIT_DARK, "c1", ("l0", "l1", "l2"), at(2))]


def test_up_to_half_of_a_circuit_are_lamps_for_themselves() -> None:
    told = alarms([lamp("l0"), lamp("l1"), lamp("l2", silent=False), lamp("l3", silent=False)], CABINETS)
    assert [alarm.subject for alarm in told] == ["l0", "l1"]


def test_a_fault_in_a_dark_circuit_is_still_told() -> None:
    broken = LampHealth("l3", "c1", at(1), is_faulty=True)
    told = alarms([lamp("l0"), lamp("l1"), broken], CABINETS)
    assert [(alarm.kind, alarm.subject) for alarm in told] == [
        (AlarmKind.CIRCUIT_DARK, "c1"),
        (AlarmKind.LAMP_FAULTY, "l3"),
    ]


def test_lamps_that_speak_and_do_not_burn_are_dark_as_well() -> None:
    assert alarms([lamp("l1", silent=False, dark=True)], CABINETS)[0].kind is AlarmKind.LAMP_DARK
    assert alarms([lamp("l1", silent=False, dark=True), lamp("l2")], CABINETS)[0].kind is AlarmKind.CIRCUIT_DARK


def test_lamps_without_a_circuit_go_dark_each_for_itself() -> None:
    told = alarms([lamp("l1", ""), lamp("l2", "")], CABINETS)
    assert [each.subject for each in told] == ["l1", "l2"]


def test_a_circuit_of_one_lamp_says_nothing_of_the_circuit() -> None:
    assert alarms([lamp("l1")], CABINETS)[0].kind is AlarmKind.LAMP_SILENT


def test_a_faulty_lamp_is_an_alarm_unless_something_worse_is() -> None:
    broken = LampHealth("l1", "c1", at(1), is_faulty=True)
    assert alarms([broken], CABINETS)[0].kind is AlarmKind.LAMP_FAULTY
    assert alarms([LampHealth("l1", "c1", at(1), is_silent=True, is_faulty=True)], CABINETS)[0].kind is (
        AlarmKind.LAMP_SILENT
    )
    assert [alarm.subject for alarm in alarms([broken, lamp("l2")], CABINETS)] == ["l1", "l2"]


def test_where_all_is_well_nothing_is_told() -> None:
    assert alarms([lamp("l1", silent=False)], CABINETS) == []
