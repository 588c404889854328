"""How many cars arrived, as far as anybody can know."""

import pytest

from domain.parking import Gap, SpotReport, Turnover, evidence, turnover
from tests.unit.domain.parking.sequences import MINUTE, at, came, heartbeat, left, lost, startup, told

BEFORE = heartbeat(-10, occupied=False)


def arrived(*reports: SpotReport, gaps: tuple[Gap, ...] = (), since: float = 0, until: float = 600) -> Turnover:
    """Return the turnover of a window in minutes after noon."""
    return turnover(evidence(reports, gaps), at(since), at(until))


def test_every_arrival_counts_once() -> None:
    known = arrived(BEFORE, came(5), left(10), came(20), heartbeat(30, occupied=True), left(40))
    assert known == Turnover(2, 2)
    assert known.count == 2


def test_a_lost_frame_between_two_arrivals_makes_the_turnover_unknown_and_not_0() -> None:
    known = arrived(BEFORE, told(5, occupied=True), told(60, occupied=True), gaps=(lost(5, 60),))
    assert known == Turnover(1, 2)
    assert known.count is None


def test_two_arrivals_with_a_lost_frame_between_are_two_where_the_sensor_says_that_they_are() -> None:
    assert arrived(BEFORE, came(5), came(60), gaps=(lost(5, 60),)).count == 2


@pytest.mark.parametrize("frames, most", [(1, 1), (2, 2), (3, 2), (4, 3)])
def test_each_lost_frame_can_have_been_a_change(frames: int, most: int) -> None:
    # free, then so many frames lost, then occupied: every second change is an arrival
    assert arrived(BEFORE, left(1), came(60), gaps=(lost(1, 60, frames),)) == Turnover(1, most)


def test_a_heartbeat_cannot_have_been_the_change_itself() -> None:
    quiet = arrived(BEFORE, came(5), heartbeat(60, occupied=True), gaps=(lost(5, 60),))
    assert quiet.count == 1


def test_how_often_cars_came_while_the_sensor_was_down_cannot_be_known() -> None:
    assert arrived(BEFORE, came(5), startup(60, occupied=True)) == Turnover(1, None)


def test_nobody_knows_of_the_time_before_the_first_report() -> None:
    assert arrived(came(5), left(9)) == Turnover(1, None)
    assert arrived(came(5), left(9), since=5, until=60) == Turnover(1, 1)


def test_without_any_report_nothing_is_known() -> None:
    assert arrived() == Turnover(0, None)


def test_an_arrival_whose_bounds_reach_out_of_the_window_may_lie_in_it() -> None:
    reports = (BEFORE, heartbeat(30, occupied=True))
    assert arrived(*reports) == Turnover(0, 1)
    assert arrived(*reports, since=-10) == Turnover(1, 1)


def test_windows_side_by_side_have_the_arrivals_of_both() -> None:
    reports = (BEFORE, came(5), left(10), came(20))
    both = arrived(*reports, until=20) + arrived(*reports, since=20, until=60)
    assert both == arrived(*reports, until=60) == Turnover(2, 2)


def test_a_silent_sensor_knows_nothing_of_what_came_after() -> None:
    known = evidence([BEFORE, came(5)])
    assert turnover(known, at(0), at(600), silent_since_ns=at(60)) == Turnover(1, None)


def test_what_the_duration_of_the_last_state_tells_is_counted() -> None:
    departure = SpotReport(at(60), False, left(60).kind, previous_ns=20 * MINUTE)
    assert arrived(BEFORE, departure, gaps=(lost(-10, 60),)) == Turnover(1, 1)
