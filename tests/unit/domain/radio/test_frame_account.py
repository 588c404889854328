"""What counters say about lost frames: the rules, one by one."""

from domain.radio import FrameAccount, Verdict, account, activate, runs
from tests.support.builders import an_activation, an_uplink
from tests.unit.domain.radio.accounts import after, numbers, verdict_of


def test_consecutive_frames_miss_nothing() -> None:
    assert numbers(after(an_uplink(0), an_uplink(1), an_uplink(2))) == (3, 0, 0)


def test_a_gap_in_the_counter_is_a_lost_frame_each() -> None:
    assert numbers(after(an_uplink(0), an_uplink(4))) == (2, 3, 0)


def test_the_first_frame_heard_claims_nothing_before_it() -> None:
    assert numbers(after(an_uplink(7))) == (1, 0, 0)


def test_after_an_activation_the_session_is_claimed_from_zero() -> None:
    known = activate(an_activation(), FrameAccount())
    _, known = account(an_uplink(2), known)
    assert numbers(known) == (1, 2, 0)


def test_an_activation_that_comes_after_its_first_uplink_claims_from_zero_too() -> None:
    known = activate(an_activation(), after(an_uplink(2)))
    assert numbers(known) == (1, 2, 0)


def test_an_activation_told_twice_counts_once() -> None:
    once = activate(an_activation(), FrameAccount())
    assert activate(an_activation(), once) == once


def test_a_late_frame_fills_its_gap() -> None:
    known = after(an_uplink(0), an_uplink(2), an_uplink(1))
    assert numbers(known) == (3, 0, 0)
    assert known.counts.late == 1


def test_a_late_frame_in_a_long_gap_leaves_the_rest_missing() -> None:
    assert numbers(after(an_uplink(0), an_uplink(10), an_uplink(5))) == (3, 8, 0)


def test_a_late_frame_from_before_the_first_one_extends_the_segment() -> None:
    assert numbers(after(an_uplink(5), an_uplink(3))) == (2, 1, 0)


def test_a_repeat_heard_seconds_later_is_a_duplicate() -> None:
    repeat = an_uplink(1, seconds=905)
    assert verdict_of(repeat, an_uplink(0), an_uplink(1)) is Verdict.DUPLICATE
    assert numbers(after(an_uplink(0), an_uplink(1), repeat)) == (2, 0, 1)


def test_the_very_same_message_once_more_is_redelivered_not_duplicate() -> None:
    assert verdict_of(an_uplink(1), an_uplink(0), an_uplink(1)) is Verdict.REDELIVERED
    assert after(an_uplink(1), an_uplink(1)).counts.redelivered == 1


def test_a_repeat_that_a_transport_delivers_again_is_redelivered_and_no_second_duplicate() -> None:
    repeat = an_uplink(1, seconds=905)
    known = after(an_uplink(0), an_uplink(1), repeat, repeat)
    assert numbers(known) == (2, 0, 1)
    assert known.counts.redelivered == 1


def test_a_message_redelivered_after_its_session_ended_is_still_redelivered() -> None:
    rejoined = an_uplink(0, session="session-2", seconds=5_000)
    assert verdict_of(an_uplink(1), an_uplink(0), an_uplink(1), rejoined) is Verdict.REDELIVERED


def test_a_rejoin_begins_a_segment_and_loses_nothing() -> None:
    known = after(an_uplink(41), an_uplink(42), an_uplink(0, session="session-2", seconds=50_000))
    assert numbers(known) == (3, 0, 0)
    assert known.counts.sessions == 2


def test_a_late_frame_of_the_session_before_fills_its_gap_there() -> None:
    known = after(an_uplink(0), an_uplink(2), an_uplink(0, session="session-2", seconds=5_000), an_uplink(1))
    assert numbers(known) == (4, 0, 0)


def test_a_reset_without_a_join_is_a_break_and_its_frames_are_new() -> None:
    frames = [an_uplink(f_cnt) for f_cnt in range(31)]
    restarted = [an_uplink(f_cnt, seconds=50_000 + 900 * f_cnt, payload=b"\x02") for f_cnt in range(41)]
    known = after(*frames, *restarted)
    assert numbers(known) == (72, 0, 0)
    assert known.counts.breaks == 1


def test_without_a_session_key_a_jump_beyond_the_largest_gap_is_a_break() -> None:
    known = after(an_uplink(0, session=""), an_uplink(20_000, session=""))
    assert numbers(known) == (2, 0, 0)
    assert known.counts.breaks == 1


def test_with_a_session_key_a_jump_beyond_the_largest_gap_is_a_true_loss() -> None:
    assert numbers(after(an_uplink(0), an_uplink(20_000))) == (2, 19_999, 0)


def test_a_server_without_session_names_gets_its_sessions_from_activations() -> None:
    known = activate(an_activation(session="", seconds=-5), FrameAccount())
    for uplink in (an_uplink(0, session=""), an_uplink(1, session="")):
        _, known = account(uplink, known)
    known = activate(an_activation(session="", seconds=5_000), known)
    _, known = account(an_uplink(1, session="", seconds=5_900), known)
    assert numbers(known) == (3, 1, 0)
    assert known.counts.breaks == 0


def test_empty_frames_are_received_frames() -> None:
    known = after(an_uplink(0, payload=b""), an_uplink(1, f_port=0), an_uplink(2))
    assert numbers(known) == (3, 0, 0)
    assert known.counts.empty == 2


def test_old_segments_close_and_their_missing_frames_stay_counted() -> None:
    known = FrameAccount()
    for session in range(8):
        for f_cnt in (0, 2):
            uplink = an_uplink(f_cnt, session=f"session-{session}", seconds=10_000 * session + f_cnt)
            _, known = account(uplink, known)
    assert len(known.segments) == 4
    assert numbers(known) == (16, 8, 0)


def test_a_copy_whose_facts_are_forgotten_was_delivered_again_and_is_no_reset() -> None:
    frames = [an_uplink(f_cnt, seconds=900.0 * f_cnt) for f_cnt in range(100)]
    assert verdict_of(an_uplink(3), *frames) is Verdict.REDELIVERED


def test_runs_beyond_the_room_for_them_are_settled_and_the_law_still_holds() -> None:
    frames = [an_uplink(2 * n) for n in range(1_100)]
    known = after(*frames, an_uplink(1))
    (segment,) = known.segments
    assert segment.last - segment.first + 1 == segment.received + segment.missing
    assert numbers(known)[:2] == (1_100, 1_099)


def test_runs_that_late_frames_split_find_no_more_room_than_others() -> None:
    known = after(an_uplink(0, seconds=0), an_uplink(5_000, seconds=100_000))
    late = [an_uplink(f_cnt, seconds=20.0 * f_cnt) for f_cnt in range(2, 4_000, 2)]
    (segment,) = after(*late, known=known).segments
    assert len(runs.unpacked(segment.missing_runs)) == 1_000
    assert segment.last - segment.first + 1 == segment.received + segment.missing


def test_a_late_frame_whose_run_was_given_up_is_read_but_left_to_a_recount() -> None:
    frames = [an_uplink(2 * n) for n in range(1_100)]
    assert verdict_of(an_uplink(1), *frames) is Verdict.FORGOTTEN


def test_a_frame_that_contradicts_a_counted_one_is_read_but_left_to_a_recount() -> None:
    frames = [an_uplink(n) for n in range(10)]
    assert verdict_of(an_uplink(7, seconds=250, payload=b"\x02"), *frames) is Verdict.FORGOTTEN
