"""Counts of past days come back as they were put in, and take little room."""

from hypothesis import given
from hypothesis import strategies as st

from domain.radio import FrameCounts
from domain.radio.day_counts import repacked, unpacked, with_day

DAY = 20_454


def put(*days: tuple[int, FrameCounts]) -> bytes:
    """Return ``days`` packed one after the other."""
    kept = b""
    for day, counts in days:
        kept = with_day(kept, day, counts)
    return kept


def test_a_month_of_days_that_are_alike_takes_six_bytes() -> None:
    kept = put(*((DAY + n, FrameCounts(24)) for n in range(30)))
    assert len(kept) == 6
    assert unpacked(kept) == {DAY + n: FrameCounts(24) for n in range(30)}


def test_days_of_thirty_days_ago_and_earlier_go_also_out_of_a_row() -> None:
    kept = put(*((DAY + n, FrameCounts(24)) for n in range(40)))
    assert list(unpacked(kept)) == list(range(DAY + 10, DAY + 40))


def test_days_that_are_alike_with_a_silent_one_between_them_stay_apart() -> None:
    assert unpacked(put((DAY, FrameCounts(5)), (DAY + 2, FrameCounts(5)))) == {
        DAY: FrameCounts(5),
        DAY + 2: FrameCounts(5),
    }


COUNTS = st.builds(
    FrameCounts,
    received=st.sampled_from([0, 1, 24, 127, 128, 16_384]),
    late=st.sampled_from([0, 0, 1]),
    missing=st.sampled_from([0, 0, 1, 4_294_967_295]),
    server_only=st.sampled_from([0, 0, 300]),
)


@given(st.dictionaries(st.integers(DAY, DAY + 29), COUNTS, max_size=30))
def test_what_is_put_in_comes_out(days: dict[int, FrameCounts]) -> None:
    expected = {day: days[day] for day in sorted(days) if days[day] != FrameCounts()}
    assert unpacked(put(*expected.items())) == expected
    assert repacked(days) == put(*expected.items())
