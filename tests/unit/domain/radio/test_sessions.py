"""Sessions: joins told late or again, old sessions heard once more, and servers that name no session."""

import pytest

from domain.radio import Activation, Uplink, Verdict, activate
from tests.support.builders import an_activation, an_uplink
from tests.unit.domain.radio.accounts import after, numbers, verdict_of


def unnamed(f_cnt: int, seconds: float, payload: bytes = b"\x01") -> Uplink:
    """Return an uplink of a server that names no session."""
    return an_uplink(f_cnt, session="", seconds=seconds, payload=payload)


def joined(seconds: float) -> Activation:
    """Return a join of such a server."""
    return an_activation("", seconds)


def a_session(number: int) -> list[Uplink | Activation]:
    """Return the messages of a session of some 40 minutes; its frame 2 was lost."""
    name, begin = f"session-{number}", 10_000.0 * number
    return [an_activation(name, begin), *(an_uplink(n, session=name, seconds=begin + 900 * n) for n in (0, 1, 3))]


A_DAY = [message for number in range(8) for message in a_session(number)]
"""More sessions than are kept."""


def test_a_whole_day_delivered_again_counts_nothing_twice() -> None:
    once, twice = after(*A_DAY), after(*A_DAY, *A_DAY)
    assert numbers(once) == (24, 8, 0)
    assert (numbers(twice)[:2], twice.counts.sessions) == (numbers(once)[:2], 8)


def test_an_old_session_heard_once_more_does_not_oust_the_present_one() -> None:
    old = [message for message in A_DAY[:16] if isinstance(message, Uplink)]
    assert after(*A_DAY, *old, an_uplink(4, session="session-7", seconds=75_000)).missing == after(*A_DAY).missing


def test_a_frame_of_a_session_that_is_forgotten_is_read_but_left_to_a_recount() -> None:
    assert verdict_of(an_uplink(2, session="session-1", seconds=11_800), *A_DAY) is Verdict.FORGOTTEN


def test_the_session_silent_longest_closes_first() -> None:
    long_lived = [an_uplink(n, session="long", seconds=1_000.0 * n) for n in range(10)]
    others = [an_uplink(0, session=f"other-{n}", seconds=1_000.0 * n + 10) for n in range(10)]
    alternating = [frame for pair in zip(long_lived, others, strict=True) for frame in pair]
    known = after(an_activation("long"), *alternating)
    assert numbers(known) == (20, 0, 0)
    assert known.counts.sessions == 11


def test_a_session_that_closed_and_goes_on_is_not_claimed_from_zero_again() -> None:
    names = [f"session-{n}" for n in range(5)]
    joins = [an_activation(name, -50.0 + n) for n, name in enumerate(names)]
    frames = [an_uplink(n // 5, session=names[n % 5], seconds=100.0 * n) for n in range(50)]
    assert numbers(after(*joins, *frames)) == (50, 0, 0)


def test_old_joins_told_again_oust_no_newer_ones() -> None:
    joins = [joined(10_000.0 * n) for n in range(8)]
    known = after(*joins, unnamed(0, 70_010), unnamed(1, 70_020), *joins, unnamed(2, 70_030))
    assert numbers(known) == (3, 0, 0)
    assert known.counts.sessions == 1


@pytest.mark.parametrize("late", [0, 1, 2, 3])
def test_whenever_a_join_is_told_a_break_in_its_session_stays_unclaimed(late: int) -> None:
    messages: list[Uplink | Activation] = [an_uplink(5), an_uplink(6), an_uplink(2, seconds=50_000, payload=b"\x02")]
    messages.insert(late, an_activation())
    known = after(*messages)
    assert numbers(known) == (3, 5, 0)
    assert (known.counts.sessions, known.counts.breaks) == (1, 1)


class TestAServerThatNamesNoSession:
    def test_gets_its_first_session_from_a_join_told_late(self) -> None:
        known = after(unnamed(1, 10), unnamed(2, 20), joined(-5), unnamed(3, 30))
        assert numbers(known) == (3, 1, 0)
        assert (known.counts.sessions, known.counts.breaks) == (1, 0)

    def test_gets_a_rejoin_told_late_instead_of_a_break(self) -> None:
        before = [unnamed(100, 0), unnamed(101, 900)]
        rejoined = [unnamed(0, 5_010), unnamed(2, 5_900)]
        known = after(*before, *rejoined, joined(5_000), unnamed(3, 6_800))
        assert numbers(known) == (5, 1, 0)
        assert (known.counts.sessions, known.counts.breaks) == (2, 0)

    def test_counts_a_break_after_a_rejoin_as_a_break(self) -> None:
        frames = [unnamed(50, 0), unnamed(0, 5_010), unnamed(1, 5_900), unnamed(0, 20_000, b"\x02")]
        known = after(*frames, joined(5_000), unnamed(1, 20_900))
        assert numbers(known) == (5, 0, 0)
        assert (known.counts.sessions, known.counts.breaks) == (2, 1)

    def test_may_stamp_the_first_frame_of_a_session_before_its_join(self) -> None:
        known = after(unnamed(70, 0), joined(5_000), unnamed(0, 4_990), unnamed(1, 5_900))
        assert numbers(known) == (3, 0, 0)

    def test_keeps_a_frame_from_just_before_a_join_in_its_session(self) -> None:
        known = after(unnamed(70, 0), joined(5_000), unnamed(71, 4_990), unnamed(0, 5_900))
        assert numbers(known) == (3, 0, 0)

    @pytest.mark.parametrize("seconds", [4_990, 4_960])
    def test_may_deliver_a_frame_again_after_the_next_join(self, seconds: float) -> None:
        before = [unnamed(70, 0), unnamed(71, seconds)]
        again = unnamed(71, seconds)
        assert verdict_of(again, *before, joined(5_000), unnamed(0, 5_010)) is Verdict.REDELIVERED

    def test_may_deliver_a_frame_again_after_its_join_is_forgotten(self) -> None:
        frames = [unnamed(n, 900.0 * n) for n in range(10)]
        joins = [joined(10_000.0 * n) for n in range(1, 6)]
        known = after(joined(0), *frames, *joins, unnamed(3, 2_700))
        assert known.counts.received == 10


def test_a_join_told_twice_changes_nothing_at_all() -> None:
    for session in ("", "session-1"):
        known = after(an_activation(session, -5), an_uplink(0, session=session), an_uplink(2, session=session))
        assert activate(an_activation(session, -5), known) is known
