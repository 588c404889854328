"""What holds for every city of lamps."""

from collections import Counter
from itertools import pairwise
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from domain.lighting import (
    AlarmKind,
    FaultReport,
    LampHealth,
    OnTime,
    alarms,
    clipped,
    faults,
    joined,
    length_ns,
    registered_hours,
)
from tests.unit.domain.lighting.nights import HOUR, a_gear, at

CABINETS = {"c1": "a", "c2": "a", "c3": "b", "c4": ""}
lamps = st.lists(
    st.builds(
        LampHealth,
        st.integers(0, 99).map(lambda number: f"lamp-{number:02d}"),
        st.sampled_from(["", *CABINETS]),
        st.integers(0, 24).map(at),
        st.booleans(),
        st.booleans(),
        st.booleans(),
    ),
    max_size=20,
    unique_by=lambda lamp: lamp.lamp_id,
)
reports = st.lists(
    st.builds(
        FaultReport,
        st.integers(0, 99).map(at),
        st.sampled_from(["lamp", "bus", "lamp.latched", "power"]),
        st.booleans(),
    ),
    max_size=20,
    unique_by=lambda report: (report.event_ns, report.channel),
)
spans = st.lists(st.tuples(st.integers(0, 50), st.integers(0, 50)), max_size=6)


@given(lamps)
def test_every_lamp_that_is_down_is_in_exactly_one_alarm(city: list[LampHealth]) -> None:
    told = alarms(city, CABINETS)
    named = Counter(lamp for alarm in told if alarm.kind is not AlarmKind.LAMP_FAULTY for lamp in alarm.lamps)
    assert named == Counter(lamp.lamp_id for lamp in city if lamp.is_down)


@given(lamps)
def test_no_alarm_is_raised_for_a_lamp_in_good_health(city: list[LampHealth]) -> None:
    bad = {lamp.lamp_id for lamp in city if lamp.is_down or lamp.is_faulty}
    assert {lamp for alarm in alarms(city, CABINETS) for lamp in alarm.lamps} <= bad


@given(lamps, st.randoms(use_true_random=False))
def test_the_order_of_lamps_does_not_matter(city: list[LampHealth], chance: Random) -> None:
    shuffled = list(city)
    chance.shuffle(shuffled)
    assert alarms(shuffled, CABINETS) == alarms(city, CABINETS)


@given(reports, st.randoms(use_true_random=False))
def test_the_order_in_which_faults_are_told_does_not_matter(said: list[FaultReport], chance: Random) -> None:
    shuffled = list(said)
    chance.shuffle(shuffled)
    assert faults(shuffled) == faults(said)


@given(reports)
def test_a_repair_took_between_its_shortest_and_its_longest_time(said: list[FaultReport]) -> None:
    for fault in faults(said):
        longest_ns = fault.longest_ns(at(100))
        assert fault.shortest_ns(at(100)) >= 0
        assert longest_ns is None or fault.shortest_ns(at(100)) <= longest_ns
        if fault.until is not None:
            assert fault.since.earliest_ns is None or fault.since.earliest_ns <= fault.until.latest_ns


@given(spans, spans)
def test_joined_intervals_are_apart_and_hold_the_same_instants(
    one: list[tuple[int, int]], two: list[tuple[int, int]]
) -> None:
    whole = joined([*one, *two])
    inside = {at for since, until in [*one, *two] for at in range(since, until)}
    assert {at for since, until in whole for at in range(since, until)} == inside
    assert length_ns(whole) == len(inside)
    assert all(before[1] < after[0] for before, after in pairwise(whole))
    assert length_ns(clipped(whole, 10, 20)) == len(inside & set(range(10, 20)))


@given(st.integers(1, 23), st.lists(st.integers(0, 60), min_size=24, max_size=24))
def test_a_gear_exchange_that_was_noted_loses_no_second(exchanged: int, burned: list[int]) -> None:
    readings, total, shown = [], 0, 0
    gears = [a_gear(-9_000, start_h=0), a_gear(exchanged)]
    end_s = 0
    for hour, minutes in enumerate(burned):
        if hour == exchanged:
            end_s, shown = shown, 0
        else:
            readings.append(OnTime(at(hour), shown))
        shown += minutes * 60
        total += minutes * 60
    readings.append(OnTime(at(24), shown))
    noted = [type(gears[0])(gears[0].lamp_id, 1, gears[0].valid_from_ns, "", 0, end_s), gears[1]]
    found = registered_hours(readings, noted, at(0), at(24), 48 * HOUR)
    assert found.is_whole
    assert found.burned_ns == total * 1_000_000_000
