"""Master data with a date, and instants with bounds."""

import pytest
from msgspec import Struct

from domain.between import Between, exactly
from domain.dated import dated_key, valid_at, validities


class Version(Struct, frozen=True):
    name: str
    valid_from_ns: int


OLD, NEW = Version("old", 0), Version("new", 100)


@pytest.mark.parametrize("at_ns, valid", [(-1, None), (0, OLD), (99, OLD), (100, NEW), (1_000, NEW)])
def test_a_version_holds_until_the_next(at_ns: int, valid: Version | None) -> None:
    assert valid_at([NEW, OLD], at_ns) == valid


def test_a_window_is_cut_where_versions_change() -> None:
    assert validities([NEW, OLD], 50, 200) == [(OLD, 50, 100), (NEW, 100, 200)]
    assert validities([NEW], 50, 200) == [(NEW, 100, 200)]
    assert validities([OLD, NEW], 100, 200) == [(NEW, 100, 200)]
    assert validities([OLD, NEW], 0, 100) == [(OLD, 0, 100)]
    assert validities([OLD, NEW], 0, 0) == []
    assert validities([], 0, 100) == []


def test_the_versions_of_a_thing_share_the_beginning_of_their_keys() -> None:
    assert dated_key("hafen-1", 1_767_268_800_000_000_000) == "hafen-1/2026-01-01T12:00:00Z"


def test_an_instant_within_bounds_lies_in_a_window_for_certain_or_perhaps() -> None:
    when = Between(10, 20)
    assert [when.lies_within(10, 21), when.lies_within(10, 20), when.lies_within(11, 21)] == [True, False, False]
    assert [when.may_lie_within(20, 30), when.may_lie_within(0, 11)] == [True, True]
    assert [when.may_lie_within(21, 30), when.may_lie_within(0, 10)] == [False, False]


def test_an_instant_of_which_the_earliest_is_not_known_is_in_no_window_for_certain() -> None:
    assert not Between(None, 20).lies_within(-(2**63), 30)
    assert Between(None, 20).may_lie_within(0, 1)


def test_a_known_instant_has_no_width() -> None:
    assert exactly(5).is_exact
    assert exactly(5).lies_within(5, 6)
    assert not Between(None, 5).is_exact
