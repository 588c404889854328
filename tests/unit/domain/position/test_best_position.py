"""Where a device is, and where it has been."""

from itertools import pairwise
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.observation import Position
from domain.position import RANKS, BestPosition, Fix, best_position, rank, track
from tests.support.builders import NOON_NS

MINUTE = 60_000_000_000
MUENSTER = Position(483_985_000, 99_920_000, "surveyed")


def at(minutes: float) -> int:
    """Return so many minutes after noon, in ns."""
    return NOON_NS + int(minutes * MINUTE)


def fix(minutes: float, source: str = "gnss", *, accuracy_m: float | None = None, north: int = 0) -> Fix:
    """Return a fix, ``north`` steps north of the town hall."""
    return Fix(at(minutes), Position(483_960_000 + north, 99_930_000, source, accuracy_m=accuracy_m))


def best(*fixes: Fix, surveyed: Position | None = None, minutes: float = 600) -> Fix | None:
    """Return the fix that is believed."""
    found = best_position(surveyed, fixes, at(minutes))
    return next((each for each in fixes if found and found.place is each.place), None)


def test_sources_are_believed_in_order() -> None:
    order = ["surveyed", "gnss", "wifi", "tdoa", "rssi", "configured", "dowsing"]
    assert [rank(source) for source in order] == [0, 1, 2, 3, 4, 5, len(RANKS)]


@pytest.mark.parametrize("better, worse", list(pairwise(RANKS)))
def test_a_better_source_goes_before_a_newer_fix(better: str, worse: str) -> None:
    good, new = fix(0, better), fix(30, worse)
    assert best(good, new) is good


def test_a_good_fix_of_long_ago_is_another_place() -> None:
    assert best(fix(0, "gnss"), new := fix(61, "rssi")) is new


def test_of_one_source_the_newest_counts() -> None:
    assert best(fix(0), new := fix(10), fix(5)) is new


def test_a_solved_location_never_moves_an_installed_device() -> None:
    found = best_position(MUENSTER, [fix(10, "tdoa"), fix(20, "gnss"), fix(30, "wifi")], at(60))
    assert found == BestPosition(MUENSTER, None, is_installed=True)


def test_what_was_surveyed_once_stays_whatever_is_solved_later() -> None:
    measured = fix(0, "surveyed")
    assert best(measured, fix(10_000, "gnss"), minutes=20_000) is measured


@pytest.mark.parametrize(
    "said",
    [
        Fix(at(10), Position(0, 0)),
        Fix(at(10), Position(1_014_500_000, -1_896_300_000)),
        Fix(at(10), Position(483_960_000, 99_930_000), "implausible"),
        Fix(at(10), Position(483_960_000, 99_930_000), "device_flagged"),
        Fix(at(10), Position(483_960_000, 99_930_000), is_fresh=False),
    ],
    ids=["0/0", "no place on earth", "implausible", "flagged", "cached"],
)
def test_what_says_nothing_is_no_position(said: Fix) -> None:
    assert best_position(None, [said], at(60)) is None
    assert best(said, before := fix(0, "rssi")) is before
    assert track(None, [said], at(0), at(60)) == []


def test_what_comes_later_is_not_known_yet() -> None:
    assert best(now := fix(0), fix(10), minutes=5) is now
    assert best(fix(10), minutes=5) is None


def test_a_track_has_the_places_of_a_window_oldest_first() -> None:
    fixes = [fix(20), fix(0), fix(10, "wifi"), fix(60)]
    assert [each.event_ns for each in track(None, fixes, at(0), at(60))] == [at(0), at(10), at(20)]


def test_of_one_instant_a_track_has_the_best() -> None:
    assert track(None, [fix(0, "tdoa"), good := fix(0, "gnss"), fix(0, "wifi")], at(0), at(1)) == [good]


def test_what_is_typed_in_is_no_place_where_a_device_has_been() -> None:
    assert track(None, [fix(0, "configured")], at(0), at(1)) == []


def test_the_track_of_an_installed_device_is_what_its_own_receiver_says() -> None:
    fixes = [own := fix(0), fix(1, "tdoa"), fix(2, "wifi")]
    assert track(MUENSTER, fixes, at(0), at(10)) == [own]


@given(
    st.lists(
        st.builds(
            fix,
            st.integers(0, 200),
            st.sampled_from([*RANKS, "dowsing"]),
            accuracy_m=st.none() | st.integers(1, 5).map(float),
            north=st.integers(0, 3),
        )
    ),
    st.randoms(use_true_random=False),
)
def test_the_order_of_arrival_does_not_matter(fixes: list[Fix], chance: Random) -> None:
    shuffled = list(fixes)
    chance.shuffle(shuffled)
    assert best_position(None, shuffled, at(150)) == best_position(None, fixes, at(150))
    assert track(None, shuffled, at(0), at(150)) == track(None, fixes, at(0), at(150))
