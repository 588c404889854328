"""Rows and columns say what the store holds: all of it, exactly, and both the same."""

import math
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.grpc.device_mapping import device, device_message, device_state, state_message
from adapters.grpc.reading_columns import reading_series, stored_readings
from adapters.grpc.reading_mapping import reading_message, stored_reading
from adapters.grpc.value_mapping import value_message, value_of
from application.ports.reading_query import StoredReading
from domain.device import Device, DeviceState, FrameSummary, LatestValue
from domain.identifiers import DevEui
from domain.observation import MEASURANDS, Reading, Value
from stadtfunk.api.reading.v1 import reading_pb2
from tests.support.builders import DEV, NOON_NS
from tests.unit.adapters.grpc.values import EVENTS, INT64, TEXT, TIMES_US, readings, stored

ENERGY = "electricity.energy.active.import"
COUNTS = st.integers(0, 2**40)

frames = st.builds(
    FrameSummary,
    TEXT,
    COUNTS,
    COUNTS,
    COUNTS,
    COUNTS,
    COUNTS,
    COUNTS,
    COUNTS,
    COUNTS,
    COUNTS,
    st.integers(-1, 2**32 - 1),
)
devices = st.builds(
    Device, st.just(DevEui(DEV)), TIMES_US, TEXT, TEXT, TEXT, TEXT, TIMES_US, st.dictionaries(TEXT, TEXT, max_size=3)
)


@st.composite
def latest_values(draw: st.DrawFn) -> LatestValue:
    """Draw a latest value."""
    reading = draw(readings())
    event_ns = draw(EVENTS)
    return LatestValue(reading.measurand, reading.channel, event_ns, reading.value, reading.exponent, reading.quality)


def key(each: StoredReading) -> bytes:
    """Return an order of readings whatever their values are."""
    return repr(each).encode()


@given(stored())
def test_a_row_is_what_was_stored(reading: StoredReading) -> None:
    sent = reading_pb2.Reading.FromString(reading_message(reading).SerializeToString())
    assert stored_reading(sent) == reading


@given(st.lists(stored(), max_size=20))
def test_columns_are_what_was_stored(whole: list[StoredReading]) -> None:
    sent = [reading_pb2.ReadingSeries.FromString(each.SerializeToString()) for each in reading_series(whole)]
    found = [reading for series in sent for reading in stored_readings(DevEui(DEV), series)]
    assert sorted(found, key=key) == sorted(whole, key=key)


@given(st.lists(stored(), max_size=20))
def test_columns_and_rows_say_the_same(whole: list[StoredReading]) -> None:
    rows = [stored_reading(reading_message(reading)) for reading in whole]
    columns = [reading for series in reading_series(whole) for reading in stored_readings(DevEui(DEV), series)]
    assert sorted(columns, key=key) == sorted(rows, key=key)


@given(INT64)
def test_the_decimal_of_a_register_is_the_register(unscaled: int) -> None:
    register = value_message(ENERGY, unscaled, -4).register_value
    assert Decimal(register.decimal) * 10_000 == unscaled
    assert "E" not in register.decimal


@given(devices)
def test_a_device_is_what_was_registered(known: Device) -> None:
    assert device(device_message(known)) == known


@given(devices, st.lists(frames, max_size=3), st.lists(latest_values(), max_size=3), EVENTS, TIMES_US)
def test_a_state_is_what_was_stored(
    known: Device, counts: list[FrameSummary], latest: list[LatestValue], seen_ns: int, written_us: int
) -> None:
    state = DeviceState(
        known.dev_eui,
        written_us,
        known.device_type,
        known.application_id,
        known.device_id,
        seen_ns,
        tuple(counts),
        tuple(latest),
    )
    assert device_state(state_message(state), known) == state


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf, 2**63, -(2**63) - 1])
def test_what_the_api_cannot_say_is_a_reading_without_value(value: Value) -> None:
    reading = StoredReading(DevEui(DEV), NOON_NS, Reading(ENERGY, "", value, -4), 1, "network", 0, "", "", "", 0)
    assert reading_message(reading).value.WhichOneof("kind") is None
    [series] = reading_series([reading])
    assert series.WhichOneof("values") is None
    [found] = stored_readings(DevEui(DEV), series)
    assert isinstance(found.reading.value, float)
    assert math.isnan(found.reading.value)


def test_readings_the_api_cannot_say_do_not_hide_their_neighbours() -> None:
    whole = [
        StoredReading(DevEui(DEV), NOON_NS + index, Reading(ENERGY, "", value, -4), 1, "network", 0, "", "", "", 0)
        for index, value in enumerate([1, 2**63, 2])
    ]
    good, bad = reading_series(whole)
    assert list(good.registers.unscaled) == [1, 2]
    assert list(bad.event_times_ns) == [NOON_NS + 1]


def test_a_whole_gauge_that_a_store_gives_back_as_an_integer_is_a_number() -> None:
    assert value_message("device.temperature", 21, 0).double_value == 21.0


def test_an_integer_of_an_unknown_measurand_is_a_register_if_it_has_an_exponent() -> None:
    assert value_message("city.new", 5, -1).WhichOneof("kind") == "register_value"
    assert value_message("city.new", 5, 0).WhichOneof("kind") == "int64_value"


@pytest.mark.parametrize("value", [0, 0.0, False, ""])
def test_an_empty_value_is_a_value(value: Value) -> None:
    found, _ = value_of(value_message("city.new", value, 0))
    assert (found, type(found)) == (value, type(value))


def test_every_measurand_says_its_unit() -> None:
    for name, row in MEASURANDS.items():
        reading = StoredReading(DevEui(DEV), NOON_NS, Reading(name, "", value=True), 1, "network", 0, "", "", "", 0)
        assert reading_message(reading).unit == row.unit
        assert [series.unit for series in reading_series([reading])] == [row.unit]
