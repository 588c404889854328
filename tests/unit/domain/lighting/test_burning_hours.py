"""A lamp's burning hours, from the register of its gear and from its states, and beside the plan."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.lighting import (
    AgainstPlan,
    BurningHours,
    Gear,
    LitReport,
    LitTime,
    OnTime,
    Origin,
    Shortcoming,
    computed_hours,
    lit_time,
    registered_hours,
)
from tests.unit.domain.lighting.nights import HOUR, a_gear, at, dark, lit, on_time

NIGHTLY = [on_time(-1, 1_000), on_time(6, 1_001), on_time(12, 1_007), on_time(23, 1_010)]
NIGHT = ((at(5), at(19)),)
HOLD = 4 * HOUR


def registered(*readings: OnTime, gears: tuple[Gear, ...] = (), until: float = 24) -> BurningHours:
    """Return the hours from noon on."""
    return registered_hours(readings, gears, at(0), at(until))


def test_the_register_counts_from_the_last_reading_before_a_boundary_to_the_last_before_the_other() -> None:
    assert registered(*NIGHTLY) == BurningHours(Origin.REGISTER, 10 * HOUR)


def test_the_order_of_readings_does_not_matter() -> None:
    assert registered(*reversed(NIGHTLY)) == registered(*NIGHTLY)


@given(st.lists(st.integers(0, 40), min_size=30, max_size=30), st.integers(0, 30), st.integers(0, 30))
def test_windows_side_by_side_have_the_hours_of_both(burned: list[int], middle: int, end: int) -> None:
    total = 0
    readings = []
    for hour, minutes in enumerate(burned):
        readings.append(OnTime(at(hour), total))
        total += minutes * 60
    first, last = sorted((middle, end))
    both = registered_hours(readings, (), at(0), at(first)).burned_ns
    both += registered_hours(readings, (), at(first), at(last)).burned_ns
    assert registered_hours(readings, (), at(0), at(last)).burned_ns == both


def test_a_new_gear_starts_anew() -> None:
    gears = (a_gear(-10_000, end_h=1_005), a_gear(10))
    hours = registered(on_time(-1, 1_000), on_time(9, 1_004), on_time(12, 2), on_time(23, 8), gears=gears)
    assert hours == BurningHours(Origin.REGISTER, (5 + 8) * HOUR)


def test_a_gear_that_was_used_before_starts_where_it_stood() -> None:
    gears = (a_gear(-10_000, end_h=1_005), a_gear(10, start_h=300))
    hours = registered(on_time(-1, 1_000), on_time(12, 302), on_time(23, 308), gears=gears)
    assert hours == BurningHours(Origin.REGISTER, (5 + 8) * HOUR)


def test_what_a_gear_counted_last_is_missing_if_nobody_noted_it() -> None:
    hours = registered(on_time(-1, 1_000), on_time(9, 1_004), on_time(23, 8), gears=(a_gear(-10_000), a_gear(10)))
    assert hours == BurningHours(Origin.REGISTER, (4 + 8) * HOUR, shortcomings=(Shortcoming.GEAR_NOT_READ,))


def test_a_register_that_falls_without_an_exchange_counts_nothing_there() -> None:
    hours = registered(on_time(-1, 1_000), on_time(9, 1_004), on_time(12, 2), on_time(23, 8))
    assert hours == BurningHours(Origin.REGISTER, (4 + 6) * HOUR, shortcomings=(Shortcoming.REGISTER_FELL,))


def test_without_a_register_near_the_boundary_the_answer_is_not_whole() -> None:
    late = registered(on_time(6, 1_001), on_time(23, 1_010))
    assert late == BurningHours(Origin.REGISTER, 9 * HOUR, shortcomings=(Shortcoming.BOUNDARY_MISSING,))
    silent = registered(on_time(-1, 1_000), on_time(6, 1_001), until=72)
    assert silent == BurningHours(Origin.REGISTER, 1 * HOUR, shortcomings=(Shortcoming.BOUNDARY_MISSING,))


def test_without_readings_there_is_no_answer() -> None:
    hours = registered()
    assert hours.burned_ns == 0
    assert Shortcoming.NO_READING in hours.shortcomings
    assert not hours.is_whole


def test_states_tell_how_long_a_lamp_burned() -> None:
    reports = [lit(6), lit(9), lit(12), dark(15), dark(18)]
    assert lit_time(reports, NIGHT, at(0), at(24), HOLD) == LitTime(9 * HOUR, 14 * HOUR, 1 * HOUR)
    assert computed_hours(reports, NIGHT, at(0), at(24), HOLD) == BurningHours(
        Origin.COMPUTED, 9 * HOUR, HOUR, (Shortcoming.STATE_UNKNOWN,)
    )


def test_a_lamp_without_power_is_dark_whatever_it_said_before() -> None:
    assert lit_time([lit(18)], NIGHT, at(18), at(30), HOLD) == LitTime(HOUR, 11 * HOUR, 0)


def test_a_state_that_nobody_repeats_holds_for_some_time_only() -> None:
    assert lit_time([lit(6)], NIGHT, at(6), at(19), HOLD) == LitTime(HOLD, 0, 13 * HOUR - HOLD)


def test_what_was_said_before_the_window_holds_in_it() -> None:
    assert lit_time([lit(6)], NIGHT, at(8), at(9), HOLD) == LitTime(HOUR, 0, 0)


@given(
    st.lists(st.builds(LitReport, st.integers(-24, 48).map(at), st.booleans()), unique_by=lambda each: each.event_ns),
    st.lists(st.integers(-24, 48), min_size=2, max_size=6, unique=True).map(sorted),
    st.integers(0, 24),
    st.integers(0, 24),
)
def test_lit_dark_and_unknown_time_are_the_window(
    reports: list[LitReport], switched: list[int], start: int, length: int
) -> None:
    powered = tuple((at(on), at(off)) for on, off in zip(switched[::2], switched[1::2], strict=False))
    spent = lit_time(reports, powered, at(start), at(start + length), HOLD)
    assert min(spent.lit_ns, spent.dark_ns, spent.unknown_ns) >= 0
    assert spent.lit_ns + spent.dark_ns + spent.unknown_ns == length * HOUR
    assert lit_time(reports[::-1], powered, at(start), at(start + length), HOLD) == spent


def test_the_two_origins_stand_side_by_side_and_are_no_number_that_could_be_summed() -> None:
    register, computed = registered(*NIGHTLY), computed_hours([lit(6)], NIGHT, at(0), at(24), HOLD)
    assert {register.origin, computed.origin} == {Origin.REGISTER, Origin.COMPUTED}
    with pytest.raises(TypeError):
        sum([register, computed])  # type: ignore[list-item]  # that is the point


def test_burning_hours_stand_beside_the_plan() -> None:
    actual = registered(*NIGHTLY)
    assert actual.hours == 10.0
    assert AgainstPlan(14 * HOUR, actual).excess_ns == -4 * HOUR


def test_hours_that_are_not_whole_are_not_held_against_the_plan() -> None:
    assert AgainstPlan(14 * HOUR, registered(on_time(6, 1), on_time(23, 2))).excess_ns is None
