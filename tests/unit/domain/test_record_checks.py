"""What records of parking and lighting must be like."""

import pytest

from domain.errors import InvalidValue
from domain.lighting import Cabinet, Circuit, Gear, Lamp, LightingRecord, SwitchingSchedule, check_lighting
from domain.observation import Position
from domain.parking import Closure, ParkingRecord, ParkingZone, Spot, check_parking

NOWHERE = Position(0, 0)
HERE = Position(484_000_000, 99_900_000)
EUI = "70b3d5e75e000001"
GOOD_PARKING: list[ParkingRecord] = [
    Spot("hafen-1", 1, 5, "hafen", dev_eui=EUI, place=HERE, max_stay_s=60, data_class="meter_personal"),
    Spot("1", 1),
    ParkingZone("hafen", 1, "Hafen", {"charging": 60}),
    Closure(1, 5, 5, zone="hafen"),
    Closure(1, 5, spot_id="hafen-1"),
]
BAD_PARKING: list[tuple[ParkingRecord, str]] = [
    (Spot("", 1), "spot_id"),
    (Spot("a/b", 1), "spot_id"),
    (Spot("straße", 1), "spot_id"),
    (Spot("a", 1, -1), "valid_from_ns"),
    (Spot("a", 1, zone="a b"), "zone"),
    (Spot("a", 1, dev_eui=EUI.upper()), "dev_eui"),
    (Spot("a", 1, dev_eui="1"), "dev_eui"),
    (Spot("a", 1, place=NOWHERE), "place"),
    (Spot("a", 1, max_stay_s=-1), "max_stay_s"),
    (Spot("a", 1, data_class="secret"), "data_class"),
    (ParkingZone("", 1), "zone_id"),
    (ParkingZone("a", 1, "", {"aliens": 1}), "max_stay_s"),
    (ParkingZone("a", 1, "", {"taxi": -1}), "max_stay_s"),
    (Closure(1, 5), "zone"),
    (Closure(1, 5, 4, zone="a"), "until_ns"),
]
GOOD_LIGHTING: list[LightingRecord] = [
    Lamp("lampe-1", 1, 0, "kreis-1", EUI, "dali3", HERE, data_class="infrastructure"),
    Gear("lampe-1", 1, 0, "XS", 5, 5),
    Circuit("kreis-1", 1, 0, "schrank-1", "nachts", expected_interval_s=60),
    Cabinet("schrank-1", 1, "Karlstraße", HERE),
    SwitchingSchedule("nachts", 1, place=HERE),
    SwitchingSchedule("halb", 1, 0, ("18:00/00:30", "04:00/06:00")),
]
BAD_LIGHTING: list[tuple[LightingRecord, str]] = [
    (Lamp("", 1), "lamp_id"),
    (Lamp("a", 1, -1), "valid_from_ns"),
    (Lamp("a", 1, circuit="a/b"), "circuit"),
    (Lamp("a", 1, dev_eui="x"), "dev_eui"),
    (Lamp("a", 1, channel="moon"), "channel"),
    (Lamp("a", 1, place=NOWHERE), "place"),
    (Gear("a", 1, 0, "", -1), "start_s"),
    (Gear("a", 1, 0, "", 5, 4), "end_s"),
    (Circuit("a", 1, expected_interval_s=-1), "expected_interval_s"),
    (Circuit("a", 1, schedule="every night"), "schedule"),
    (Cabinet("", 1), "cabinet_id"),
    (SwitchingSchedule("a", 1), "place"),
    (SwitchingSchedule("a", 1, 0, ("18:00/25:00",)), "lit"),
]


@pytest.mark.parametrize("number", range(len(GOOD_PARKING)))
def test_good_records_of_parking_are_kept(number: int) -> None:
    check_parking(GOOD_PARKING[number])


@pytest.mark.parametrize("number", range(len(GOOD_LIGHTING)))
def test_good_records_of_lighting_are_kept(number: int) -> None:
    check_lighting(GOOD_LIGHTING[number])


@pytest.mark.parametrize("number", range(len(BAD_PARKING)))
def test_what_is_wrong_with_a_record_of_parking_is_named(number: int) -> None:
    record, field = BAD_PARKING[number]
    with pytest.raises(InvalidValue) as refused:
        check_parking(record)
    assert refused.value.attributes["field"] == field


@pytest.mark.parametrize("number", range(len(BAD_LIGHTING)))
def test_what_is_wrong_with_a_record_of_lighting_is_named(number: int) -> None:
    record, field = BAD_LIGHTING[number]
    with pytest.raises(InvalidValue) as refused:
        check_lighting(record)
    assert refused.value.attributes["field"] == field
