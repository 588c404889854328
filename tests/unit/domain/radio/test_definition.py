"""What the ledger's definition names: where a naive count fails, counters of 16 bits, both loss formulas."""

import pytest

from domain.radio import FrameAccount, Uplink, Verdict, account
from domain.radio.roll_over import full_f_cnt
from tests.support.builders import an_activation, an_uplink
from tests.unit.domain.radio.accounts import after, numbers
from tests.unit.domain.radio.ledgers import rows


class TestWhereANaiveCountFails:
    """Highest counter, a window of 64 bits, a device for an account: simulated, and wrong."""

    def test_a_reset_at_30_followed_by_0_to_40_drops_none_of_the_31_as_duplicates(self) -> None:
        before = [an_uplink(f_cnt) for f_cnt in range(31)]
        reset = [an_uplink(f_cnt, seconds=50_000 + 900 * f_cnt, payload=b"\x02") for f_cnt in range(41)]
        known = after(*before, *reset)
        assert numbers(known) == (72, 0, 0)
        assert known.counts.breaks == 1

    def test_192_backfilled_frames_are_neither_stale_nor_lost(self) -> None:
        live = [an_uplink(f_cnt) for f_cnt in (*range(10), *range(202, 210))]
        assert after(*live).missing == 192
        known = after(*live, *(an_uplink(f_cnt) for f_cnt in range(10, 202)))
        assert numbers(known) == (210, 0, 0)
        assert (known.counts.recovered, known.counts.late, known.doubts) == (192, 192, 0)

    def test_one_swap_across_a_reset_loses_nothing(self) -> None:
        before = [an_uplink(1_000 + n, seconds=100.0 * n) for n in range(30)]
        reset = [an_uplink(n, seconds=2_990 + 100.0 * n) for n in range(5)]
        swapped = [*before[:-1], reset[0], before[-1], *reset[1:]]
        assert numbers(after(*swapped)) == (35, 0, 0)


@pytest.mark.parametrize(
    "expected, f_cnt, full",
    [
        (1, 1, 1),
        (65_536, 0, 65_536),
        (65_537, 1, 65_537),
        (0, 1, 1),
        (65_537, 2, 65_538),
        (2, 1, 1),
        (65_537, 0, 65_536),
        (65_536, 65_535, 65_535),
        (4_294_967_295, 0, 0),
    ],
)
def test_the_full_counter_is_that_of_chirpstack(expected: int, f_cnt: int, full: int) -> None:
    assert full_f_cnt(expected, f_cnt) == full


class TestCountersOf16Bits:
    def test_roll_over_in_the_same_session_and_lose_nothing(self) -> None:
        frames = [an_uplink(n % 65_536, seconds=100.0 * n) for n in range(65_530, 65_545)]
        known = after(*frames)
        assert numbers(known) == (15, 0, 0)
        assert (known.counts.sessions, known.counts.breaks) == (1, 0)

    def test_may_lose_frames_around_the_roll_over(self) -> None:
        known = after(an_uplink(65_533, seconds=0), an_uplink(4, seconds=700))
        assert numbers(known) == (2, 6, 0)

    def test_fill_a_gap_before_the_roll_over_when_they_come_late(self) -> None:
        known = after(an_uplink(65_533, seconds=0), an_uplink(4, seconds=700), an_uplink(65_535, seconds=200))
        assert numbers(known) == (3, 5, 0)

    def test_fall_by_a_reset_where_they_were_not_near_the_end(self) -> None:
        known = after(an_uplink(60_000, seconds=0), an_uplink(0, seconds=700))
        assert numbers(known) == (2, 0, 0)
        assert known.counts.breaks == 1

    def test_fall_by_a_reset_after_a_roll_over_too(self) -> None:
        frames = [an_uplink(n % 65_536, seconds=100.0 * n) for n in range(65_530, 65_600)]
        known = after(*frames, an_uplink(1, seconds=7_000_000))
        assert numbers(known) == (71, 0, 0)
        assert known.counts.breaks == 1

    def test_are_no_matter_of_a_server_that_gives_32(self) -> None:
        known = after(*(an_uplink(n, seconds=100.0 * n) for n in range(65_530, 65_545)))
        assert numbers(known) == (15, 0, 0)


def addressed(f_cnt: int, seconds: float, dev_addr: str = "01a2b3c4", payload: bytes = b"\x01") -> Uplink:
    return an_uplink(f_cnt, session="", dev_addr=dev_addr, seconds=seconds, payload=payload)


class TestADevAddrInPlaceOfASessionsName:
    def test_tells_a_new_session_without_a_join(self) -> None:
        known = after(
            addressed(40, 0), addressed(41, 900), addressed(0, 5_000, "0000ffff"), addressed(2, 5_900, "0000ffff")
        )
        assert numbers(known) == (4, 1, 0)
        assert (known.counts.sessions, known.counts.breaks) == (2, 0)

    @pytest.mark.parametrize("seconds", [4_990.0, 5_010.0])
    @pytest.mark.parametrize("is_join_first", [True, False])
    def test_takes_the_join_and_its_first_uplink_in_either_order(self, seconds: float, *, is_join_first: bool) -> None:
        join = an_activation("", seconds, dev_addr="0000ffff")
        first = addressed(1, 5_000, "0000ffff")
        told = (join, first) if is_join_first else (first, join)
        known = after(addressed(40, 0), *told, addressed(2, 5_900, "0000ffff"))
        assert numbers(known) == (3, 1, 0)
        assert (known.counts.sessions, known.counts.breaks) == (2, 0)

    def test_that_comes_again_with_a_join_is_a_session_of_its_own(self) -> None:
        join = an_activation("", 5_000, dev_addr="01a2b3c4")
        known = after(addressed(40, 0), join, addressed(0, 5_010), addressed(1, 5_900))
        assert (known.counts.sessions, known.counts.breaks) == (2, 0)

    def test_is_no_proof_for_a_jump_beyond_the_largest_gap(self) -> None:
        known = after(addressed(0, 0), addressed(20_000, 900))
        assert numbers(known) == (2, 0, 0)
        assert known.counts.breaks == 1


class TestCopies:
    def test_after_sixty_seconds_are_a_reset(self) -> None:
        known = after(an_uplink(5, seconds=0), an_uplink(5, seconds=61))
        assert (known.counts.received, known.counts.duplicate, known.counts.breaks) == (2, 0, 1)

    def test_whose_original_comes_after_them_count_once_too(self) -> None:
        known = after(an_uplink(4, seconds=0), an_uplink(5, seconds=950), an_uplink(5, seconds=900))
        assert numbers(known) == (2, 0, 1)

    def test_of_the_frame_before_a_reset_are_no_jump(self) -> None:
        known = after(
            an_uplink(30, seconds=0), an_uplink(0, seconds=2), an_uplink(30, seconds=5), an_uplink(1, seconds=9)
        )
        assert numbers(known) == (3, 0, 1)

    def test_with_another_payload_are_a_reset(self) -> None:
        known = after(an_uplink(5, seconds=0), an_uplink(5, seconds=20, payload=b"\x02"))
        assert (known.counts.received, known.counts.breaks) == (2, 1)


def test_a_frame_left_out_and_stamped_after_the_next_one_by_another_clock_is_no_reset() -> None:
    known = after(an_uplink(0, seconds=0), an_uplink(2, seconds=100), an_uplink(1, seconds=125))
    assert numbers(known) == (3, 0, 0)


class TestBothPublishedFormulas:
    """Counters 0 to 4, 6 to 10, 12 to 21: 20 received, 2 lost."""

    SERIES = (*range(5), *range(6, 11), *range(12, 22))

    def test_chirpstack_divides_by_the_received_and_finds_10_percent(self) -> None:
        (row,) = rows(after(*(an_uplink(f_cnt) for f_cnt in self.SERIES)))
        assert 100 * row.missing / row.received == 10.0

    def test_the_things_stack_and_the_ledger_divide_by_the_expected_and_find_9_09_percent(self) -> None:
        (row,) = rows(after(*(an_uplink(f_cnt) for f_cnt in self.SERIES)))
        assert round(100 * row.loss_ratio, 2) == 9.09


def test_a_frame_that_fits_nowhere_leaves_a_doubt_and_is_not_counted() -> None:
    frames = [an_uplink(n) for n in range(10)]
    verdict, known = account(an_uplink(7, seconds=250, payload=b"\x02"), after(*frames))
    assert (verdict, known.doubts) == (Verdict.FORGOTTEN, 1)
    assert known.counts == after(*frames).counts


def test_an_account_without_frames_has_none() -> None:
    assert numbers(FrameAccount()) == (0, 0, 0)
