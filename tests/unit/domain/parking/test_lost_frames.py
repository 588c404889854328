"""Lost frames between two reports."""

from hypothesis import given
from hypothesis import strategies as st

from domain.parking import Gap
from domain.parking.lost_frames import LostFrames

gaps = st.lists(
    st.builds(
        lambda start, length, frames: Gap(start, start + length, frames),
        st.integers(0, 40),
        st.integers(0, 20),
        st.integers(1, 9),
    ),
    max_size=8,
)


def test_what_was_lost_between_two_reports_is_counted_and_nothing_else() -> None:
    lost = LostFrames([Gap(10, 20, 1), Gap(30, 40, 2)])
    assert [lost.between(10, 20), lost.between(20, 30), lost.between(5, 35), lost.between(40, 50)] == [1, 0, 3, 0]
    assert [lost.between(20, None), lost.between(40, None)] == [2, 0]


@given(gaps, st.integers(0, 60), st.none() | st.integers(0, 60))
def test_gaps_that_overlap_are_all_found(lost: list[Gap], from_ns: int, until_ns: int | None) -> None:
    asked = [gap for gap in lost if gap.until_ns > from_ns and (until_ns is None or gap.from_ns < until_ns)]
    assert LostFrames(lost).between(from_ns, until_ns) == sum(gap.frames for gap in asked)
