"""Where a partition goes on, and what must stop it instead."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.kafka.resumption import Standing, first_offset
from application.errors import WrongShape


def standing(
    committed: int | None = None,
    begin: int = 0,
    end: int = 0,
    remembered: int | None = None,
    was_written: bool = True,
) -> Standing:
    """Return what is known of partition 3."""
    return Standing(3, committed, begin, end, remembered, was_written)


def test_the_first_start_begins_at_the_beginning() -> None:
    assert first_offset(standing(begin=0, end=500)) == 0


def test_the_first_start_begins_at_what_retention_left() -> None:
    assert first_offset(standing(begin=200, end=500)) == 200


def test_it_goes_on_where_the_group_committed() -> None:
    assert first_offset(standing(committed=300, end=500, remembered=299)) == 300


def test_a_memory_ahead_of_the_commit_is_a_kill_between_the_two() -> None:
    assert first_offset(standing(committed=300, end=500, remembered=350)) == 300


def test_nothing_but_bad_uplinks_so_far_leaves_nothing_to_remember() -> None:
    assert first_offset(standing(committed=300, end=500, remembered=None)) == 300


def test_a_changelog_nobody_wrote_to_is_new_where_the_group_is() -> None:
    assert first_offset(standing(committed=None, end=500, was_written=False)) == 0


def test_a_log_that_was_read_to_its_end_may_have_been_emptied_by_retention() -> None:
    assert first_offset(standing(committed=500, begin=500, end=500, remembered=499)) == 500


@pytest.mark.parametrize(
    "contradiction,says",
    [
        (standing(committed=None, end=500, remembered=10), "the group has no position"),
        (standing(committed=5, end=6, remembered=10), "remembered up to 10, but the log ends at 6"),
        (standing(committed=10, end=10, remembered=10), "remembered up to 10, but the log ends at 10"),
        (standing(committed=11, end=0, remembered=10), "the log ends at 0"),
        (standing(committed=7, end=9, was_written=False), "nothing was ever written to the changelog: it was deleted"),
        (standing(committed=0, end=9, was_written=False), "nothing was ever written to the changelog: it was deleted"),
        (standing(committed=7, end=6), "goes on at 7, but the log ends at 6"),
        (standing(committed=7, begin=9, end=20, remembered=8), "2 uplinks were removed before they were processed"),
    ],
)
def test_a_contradiction_stops_with_its_reason_and_partition(contradiction: Standing, says: str) -> None:
    with pytest.raises(WrongShape, match="partition 3 of the uplinks") as raised:
        first_offset(contradiction)
    assert says in raised.value.message
    assert raised.value.attributes["partition"] == "3"


_POSITIONS = st.integers(0, 20)


@given(committed=st.none() | _POSITIONS, begin=_POSITIONS, length=_POSITIONS, remembered=st.none() | _POSITIONS)
def test_nothing_unprocessed_is_ever_skipped(
    committed: int | None, begin: int, length: int, remembered: int | None
) -> None:
    try:
        first = first_offset(standing(committed, begin, begin + length, remembered))
    except WrongShape:
        return
    assert first == (begin if committed is None else committed)
    assert begin <= first <= begin + length
    assert remembered is None or remembered < begin + length
