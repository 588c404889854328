"""Tables of parking and lighting: every column that docs/parking.md and docs/lighting.md name is understood."""

import msgspec
import pytest

from adapters.csv.record_columns import RecordColumns
from domain.lighting import Cabinet, Circuit, Gear, Lamp, LightingRecord, SwitchingSchedule, check_lighting
from domain.observation import Position
from domain.parking import Closure, ParkingRecord, ParkingZone, Spot, SpotKind, check_parking

EUI = "70b3d5e75e000001"
HERE = Position(484_011_000, 99_876_000, "surveyed")
PLACE = {"latitude": "48.4011", "longitude": "9.9876"}
NOON, NOON_NS = "2026-01-01T12:00:00Z", 1_767_268_800_000_000_000
PARKING: list[tuple[dict[str, str], ParkingRecord]] = [
    (
        {"spot_id": "hafen-1", "valid_from": NOON, "zone": "hafen", "kind": "charging", "dev_eui": EUI, **PLACE}
        | {"max_stay_s": "3600", "removed": "true", "data_class": "infrastructure"},
        Spot("hafen-1", 0, NOON_NS, "hafen", SpotKind.CHARGING, EUI, HERE, 3_600, True, "infrastructure"),
    ),
    (
        {"zone_id": "hafen", "name": "Am Hafen", "max_stay_s.charging": "14400", "max_stay_s.loading": "1800"},
        ParkingZone("hafen", 0, "Am Hafen", {"charging": 14_400, "loading": 1_800}),
    ),
    (
        {"zone": "hafen", "from": NOON, "until": "2026-01-02T12:00:00+00:00", "reason": "Wochenmarkt"},
        Closure(0, NOON_NS, NOON_NS + 86_400 * 10**9, zone="hafen", reason="Wochenmarkt"),
    ),
    ({"spot_id": "hafen-1", "from": NOON}, Closure(0, NOON_NS, spot_id="hafen-1")),
]
LIGHTING: list[tuple[dict[str, str], LightingRecord]] = [
    (
        {"lamp_id": "lampe-1", "valid_from": NOON, "circuit": "kreis-1", "dev_eui": EUI, "channel": "dali3", **PLACE},
        Lamp("lampe-1", 0, NOON_NS, "kreis-1", EUI, "dali3", HERE),
    ),
    (
        {"lamp_id": "lampe-1", "valid_from": NOON, "serial": "XS-17", "start_s": "60", "end_s": "90"},
        Gear("lampe-1", 0, NOON_NS, "XS-17", 60, 90),
    ),
    (
        {"circuit_id": "kreis-1", "cabinet": "schrank-1", "schedule": "nachts", "is_switched": "false"}
        | {"expected_interval_s": "3600"},
        Circuit("kreis-1", 0, 0, "schrank-1", "nachts", False, 3_600),
    ),
    ({"cabinet_id": "schrank-1", "name": "Karlstraße", **PLACE}, Cabinet("schrank-1", 0, "Karlstraße", HERE)),
    (
        {"schedule_id": "halb", "lit": "sunset+00:10/00:30|04:30/sunrise", "time_zone": "Europe/Berlin", **PLACE},
        SwitchingSchedule("halb", 0, 0, ("sunset+00:10/00:30", "04:30/sunrise"), "Europe/Berlin", HERE),
    ),
]


@pytest.mark.parametrize("number", range(len(PARKING)))
def test_a_row_of_parking_is_the_record_it_says(number: int) -> None:
    cells, record = PARKING[number]
    fields = RecordColumns(type(record)).fields(cells)
    found = msgspec.convert(
        {"type": record.__struct_config__.tag, "written_us": 0, **fields}, type(record), strict=False
    )
    assert found == record
    check_parking(found)


@pytest.mark.parametrize("number", range(len(LIGHTING)))
def test_a_row_of_lighting_is_the_record_it_says(number: int) -> None:
    cells, record = LIGHTING[number]
    fields = RecordColumns(type(record)).fields(cells)
    found = msgspec.convert(
        {"type": record.__struct_config__.tag, "written_us": 0, **fields}, type(record), strict=False
    )
    assert found == record
    check_lighting(found)
