"""The history of a spot, from what its sensor said and what was lost on the way."""

from domain.between import Between, exactly
from domain.parking import Gap, Phase, SpotReport, evidence, phases
from tests.unit.domain.parking.sequences import MINUTE, at, came, heartbeat, left, lost, startup, told


def history(*reports: SpotReport, gaps: tuple[Gap, ...] = (), silent_since: float | None = None) -> list[Phase]:
    """Return the phases of ``reports``."""
    return list(phases(evidence(reports, gaps), None if silent_since is None else at(silent_since)))


def test_a_car_comes_and_goes_at_the_time_of_the_event() -> None:
    assert history(came(0), left(40)) == [Phase(True, exactly(at(0))), Phase(False, exactly(at(40)))]


def test_a_late_event_is_put_where_it_belongs() -> None:
    assert history(came(0), came(90), left(40)) == history(came(0), left(40), came(90))
    assert [phase.occupied for phase in history(came(0), left(40), came(90))] == [True, False, True]


def test_a_heartbeat_of_the_same_state_changes_nothing() -> None:
    assert history(came(0), heartbeat(60, occupied=True)) == [Phase(True, exactly(at(0)))]


def test_a_heartbeat_that_contradicts_the_state_bounds_the_change() -> None:
    assert history(came(0), heartbeat(60, occupied=False))[-1] == Phase(False, Between(at(0), at(60)))


def test_the_bounds_begin_with_the_last_report_of_the_old_state() -> None:
    known = history(came(0), heartbeat(60, occupied=True), heartbeat(120, occupied=False))
    assert known[-1].since == Between(at(60), at(120))


def test_nobody_knows_since_when_the_state_of_a_first_heartbeat_lasts() -> None:
    assert history(heartbeat(60, occupied=True)) == [Phase(True, Between(None, at(60)))]


def test_a_new_state_without_a_lost_frame_began_with_its_report() -> None:
    assert history(told(0, occupied=False), told(10, occupied=True))[-1].since == exactly(at(10))


def test_a_new_state_after_a_lost_frame_began_somewhere_before_its_report() -> None:
    known = history(told(0, occupied=False), told(10, occupied=True), gaps=(lost(0, 10),))
    assert known[-1] == Phase(True, Between(at(0), at(10)))


def test_a_new_state_after_the_silence_of_a_heartbeat_may_be_told_by_one() -> None:
    reports = [told(0, occupied=True), told(60, occupied=False)]
    assert list(phases(evidence(reports, heartbeat_ns=61 * MINUTE)))[-1].since == Between(at(0), at(60))
    assert list(phases(evidence(reports, heartbeat_ns=70 * MINUTE)))[-1].since == exactly(at(60))
    said = [came(0), left(60)]
    assert list(phases(evidence(said, heartbeat_ns=61 * MINUTE)))[-1].since == exactly(at(60))


def test_an_event_after_a_lost_frame_still_says_when_its_state_began() -> None:
    known = history(came(0), left(10), gaps=(lost(0, 10),))
    assert known == [Phase(True, exactly(at(0)), unbroken=False), Phase(False, exactly(at(10)))]


def test_two_arrivals_with_a_lost_frame_between_have_a_departure_between() -> None:
    assert history(came(0), came(60), gaps=(lost(0, 60),)) == [
        Phase(True, exactly(at(0))),
        Phase(False, Between(at(0), at(60))),
        Phase(True, exactly(at(60))),
    ]


def test_an_arrival_told_twice_is_one() -> None:
    assert history(came(0), came(60)) == [Phase(True, exactly(at(0)))]


def test_a_frame_lost_between_equal_reports_leaves_a_doubt() -> None:
    assert history(came(0), heartbeat(60, occupied=True), gaps=(lost(0, 60),)) == [
        Phase(True, exactly(at(0)), unbroken=False)
    ]


def test_frames_lost_elsewhere_are_no_matter() -> None:
    assert history(left(0), told(10, occupied=True), gaps=(lost(-60, 0), lost(10, 20)))[1].since == exactly(at(10))


def test_frames_lost_after_the_last_report_make_the_state_unknown() -> None:
    assert history(came(0), gaps=(lost(0, 10),))[-1] == Phase(None, exactly(at(0)), reason="frames_lost")


def test_a_restart_that_finds_the_spot_free_is_no_departure() -> None:
    known = history(came(0), startup(30, occupied=False))
    assert known[-1] == Phase(None, Between(at(0), at(30)), reason="restarted")


def test_after_a_restart_the_next_report_settles_what_is_so() -> None:
    stayed = history(came(0), startup(30, occupied=False), came(31))
    assert stayed == [Phase(True, exactly(at(0)), unbroken=False)]
    gone = history(came(0), startup(30, occupied=False), heartbeat(50, occupied=False))
    assert gone[-1] == Phase(False, Between(at(0), at(50)))


def test_a_restart_that_finds_the_car_still_there_leaves_a_doubt() -> None:
    assert history(came(0), startup(30, occupied=True)) == [Phase(True, exactly(at(0)), unbroken=False)]


def test_a_sensor_that_has_only_started_knows_nothing() -> None:
    assert history(startup(0, occupied=False)) == []


def test_a_sensor_that_is_silent_for_too_long_knows_nothing_any_more() -> None:
    assert history(came(0), silent_since=60)[-1] == Phase(None, exactly(at(60)), reason="silent")


def test_how_long_the_last_state_lasted_tells_of_an_event_that_was_lost() -> None:
    arrival = SpotReport(at(60), True, came(60).kind, previous_ns=20 * MINUTE)
    assert history(came(0), arrival, gaps=(lost(0, 60),)) == [
        Phase(True, exactly(at(0)), unbroken=False),
        Phase(False, exactly(at(40))),
        Phase(True, exactly(at(60))),
    ]


def test_how_long_the_last_state_lasted_repeats_no_event_that_came() -> None:
    arrival = SpotReport(at(60), True, came(60).kind, previous_ns=20 * MINUTE + 999_999_999)
    assert history(came(0), left(40), arrival) == history(came(0), left(40), came(60))
