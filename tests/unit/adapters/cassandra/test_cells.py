"""Readings as cells."""

import json
import math

import pytest
from cassandra.cqltypes import MapType, UTF8Type
from hypothesis import given
from hypothesis import strategies as st

from adapters.cassandra.cells import stored_readings, told
from application.errors import WrongShape
from domain.identifiers import DevEui
from domain.observation import Observation, Position, Reading, Value
from tests.support.builders import DEV, NOON_NS, a_reading, an_observation

positions = st.builds(
    Position,
    latitude=st.integers(-900_000_000, 900_000_000),
    longitude=st.integers(-1_800_000_000, 1_800_000_000),
    source=st.sampled_from(["gnss", "configured"]),
    altitude_m=st.none() | st.floats(-1_000, 9_000),
    accuracy_m=st.none() | st.floats(0, 100),
    satellites=st.none() | st.integers(0, 40),
)
values = st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text() | positions


def cells(observation: Observation) -> dict[str, str]:
    """Return the cells of ``observation`` as the driver reads them."""
    read = MapType.apply_parameters([UTF8Type, UTF8Type]).deserialize(told(observation).cells, 5)
    return dict(read.items())


@given(values, st.text(), st.integers(-9, 9))
def test_a_reading_comes_back_with_its_type(value: Value, channel: str, exponent: int) -> None:
    reading = Reading("electricity.energy.active.import", channel, value, exponent, "device_flagged")
    [stored] = stored_readings(DEV, NOON_NS, cells(an_observation(reading)))
    assert stored.reading == reading
    assert type(stored.reading.value) is type(value)


@given(st.dictionaries(st.text(), values, min_size=1))
def test_all_readings_of_an_observation_come_back(by_channel: dict[str, Value]) -> None:
    readings = [Reading("m", channel, value) for channel, value in by_channel.items()]
    stored = stored_readings(DEV, NOON_NS, cells(an_observation(*readings)))
    assert {each.reading.channel: each.reading.value for each in stored} == by_channel


def test_a_cell_is_named_after_measurand_and_channel_and_says_where_it_comes_from() -> None:
    observation = an_observation(a_reading("electricity.energy.active.import", "1.8.1", 2**53 + 1, -4), f_cnt=70_000)
    [(name, cell)] = cells(observation).items()
    assert name == "electricity.energy.active.import/1.8.1"
    written_us = NOON_NS // 1_000
    origin = ["network", 2_000, "bosch_tps110", "bosch_tps110@1", "swu", 70_000]
    assert json.loads(cell) == [2**53 + 1, -4, "measured", written_us, *origin]


def test_readings_of_a_row_come_by_measurand_and_channel() -> None:
    readings = [a_reading("m.b", ""), a_reading("m.a", "2"), a_reading("m.a", "10"), a_reading("m", "z")]
    stored = stored_readings(DEV, NOON_NS, cells(an_observation(*readings)))
    found = [(each.reading.measurand, each.reading.channel) for each in stored]
    assert found == [("m", "z"), ("m.a", "10"), ("m.a", "2"), ("m.b", "")]


def test_what_later_versions_add_to_a_cell_is_passed_over() -> None:
    [(name, cell)] = cells(an_observation(a_reading("m", "", True))).items()
    [stored] = stored_readings(DEV, NOON_NS, {name: cell[:-1] + ',"more"]'})
    assert stored.reading.value is True


@pytest.mark.parametrize("cell", ["", "1", "[]", '[1,0,"measured"]', '[[1],0,"measured",1,"network",1,"","","",0]'])
def test_a_cell_that_cannot_be_read_is_named(cell: str) -> None:
    with pytest.raises(WrongShape, match="observation of 00000000000000ff at 5, cell m/c cannot be read"):
        stored_readings(DevEui("00000000000000ff"), 5, {"m/c": cell})


def test_a_float_that_is_whole_stays_a_float() -> None:
    [stored] = stored_readings(DEV, NOON_NS, cells(an_observation(a_reading("m", "", -0.0))))
    assert math.copysign(1, float(stored.reading.value)) == -1  # type: ignore[arg-type]
