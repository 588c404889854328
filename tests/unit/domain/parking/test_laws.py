"""What holds for every history of a spot."""

from itertools import pairwise
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from domain.parking import (
    Closure,
    Gap,
    ReportKind,
    SpotKind,
    SpotReport,
    SpotState,
    evidence,
    phases,
    spot_state,
    stays,
    time_use,
    turnover,
    zone_count,
)
from tests.unit.domain.parking.sequences import MINUTE, a_spot, at

MINUTES = st.integers(0, 600)
reports = st.lists(
    st.builds(
        SpotReport,
        MINUTES.map(at),
        st.booleans(),
        st.sampled_from(ReportKind),
        st.none() | st.integers(1, 120).map(lambda minutes: minutes * MINUTE),
    ),
    max_size=12,
    unique_by=lambda report: report.event_ns,
)
gaps = st.lists(
    st.builds(lambda start, length, frames: Gap(at(start), at(start + length), frames), MINUTES, MINUTES, MINUTES),
    max_size=4,
)
windows = st.tuples(st.integers(-60, 700), st.integers(-60, 700)).map(sorted)
silences = st.none() | MINUTES.map(at)


@given(reports, gaps, st.randoms(use_true_random=False))
def test_the_order_of_arrival_does_not_matter(told: list[SpotReport], lost: list[Gap], chance: Random) -> None:
    shuffled = list(told)
    chance.shuffle(shuffled)
    assert evidence(shuffled, lost) == evidence(told, lost)


@given(reports, gaps, silences, windows)
def test_dwell_free_and_unknown_time_are_the_window(
    told: list[SpotReport], lost: list[Gap], silent_ns: int | None, window: list[int]
) -> None:
    since_ns, until_ns = map(at, window)
    used = time_use(phases(evidence(told, lost), silent_ns), since_ns, until_ns)
    assert min(used.occupied_ns, used.free_ns, used.unknown_ns) >= 0
    assert used.window_ns == until_ns - since_ns


@given(reports, gaps, silences, windows)
def test_the_time_of_a_window_is_that_of_its_parts(
    told: list[SpotReport], lost: list[Gap], silent_ns: int | None, window: list[int]
) -> None:
    history = phases(evidence(told, lost), silent_ns)
    since_ns, until_ns = map(at, window)
    middle_ns = (since_ns + until_ns) // 2
    first, second = time_use(history, since_ns, middle_ns), time_use(history, middle_ns, until_ns)
    whole = time_use(history, since_ns, until_ns)
    assert whole.occupied_ns == first.occupied_ns + second.occupied_ns
    assert whole.free_ns == first.free_ns + second.free_ns


@given(reports, gaps, silences, st.sampled_from([0, 30 * MINUTE]))
def test_phases_follow_each_other_in_time(
    told: list[SpotReport], lost: list[Gap], silent_ns: int | None, heartbeat_ns: int
) -> None:
    history = phases(evidence(told, lost, heartbeat_ns), silent_ns)
    for phase, after in pairwise(history):
        assert after.since.earliest_ns is not None
        assert phase.since.latest_ns <= after.since.earliest_ns <= after.since.latest_ns
        assert phase.occupied is not after.occupied


@given(reports, gaps, windows)
def test_a_turnover_has_bounds_that_hold_each_other(told: list[SpotReport], lost: list[Gap], window: list[int]) -> None:
    known = turnover(evidence(told, lost), *map(at, window))
    assert known.least >= 0
    assert known.most is None or known.least <= known.most


@given(reports, gaps)
def test_proven_arrivals_are_stays_of_which_the_beginning_lies_within_bounds(
    told: list[SpotReport], lost: list[Gap]
) -> None:
    known = evidence(told, lost)
    begun = [stay for stay in stays(phases(known)) if stay.since.earliest_ns is not None]
    assert turnover(known, at(-10_000), at(10_000)).least == len(begun)


@given(reports, gaps)
def test_a_stay_has_a_shortest_time_below_its_longest(told: list[SpotReport], lost: list[Gap]) -> None:
    for stay in stays(phases(evidence(told, lost))):
        longest_ns = stay.longest_ns(at(700))
        assert longest_ns is None or stay.shortest_ns(at(700)) <= longest_ns


states = st.builds(
    lambda number, kind, told, sensor, closed: spot_state(
        a_spot(f"hafen-{number}", kind, dev_eui=sensor),
        None,
        [Closure(1, at(0), spot_id=f"hafen-{number}")] if closed else [],
        phases(evidence(told)),
        at(700),
    ),
    st.integers(0, 99),
    st.sampled_from(SpotKind),
    reports,
    st.sampled_from(["", "003e94c6ad72f129"]),
    st.booleans(),
)


@given(st.lists(states, max_size=20))
def test_occupied_free_unknown_and_out_of_service_are_the_capacity(known: list[SpotState]) -> None:
    zone = zone_count(known)
    assert zone.total.capacity == len(known)
    assert sum(count.capacity for count in zone.by_kind.values()) == len(known)
