"""Where a value stands in a script's data."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.decoding.mapping import parse_path
from domain.errors import InvalidValue

DATA = {
    "battery": 3.6,
    "none": None,
    "meter": {"Energy T1": {"value": 5}, "a.b": 6},
    "slots": [{"n": 1, "values": [10, 11]}, {"n": 2}, {"n": 3, "values": [30]}],
    "plain": [7, 8],
}


@pytest.mark.parametrize(
    "path, found",
    [
        ("battery", [((), 3.6)]),
        ("missing", []),
        ("none", []),
        ("none.deeper", []),
        ("meter.missing.deeper", []),
        ("meter.Energy T1.value", [((), 5)]),
        ('meter."a.b"', [((), 6)]),
        ('"meter"."Energy T1".value', [((), 5)]),
        ("plain[]", [((0,), 7), ((1,), 8)]),
        ("plain[1]", [((), 8)]),
        ("plain[2]", []),
        ("slots[].n", [((0,), 1), ((1,), 2), ((2,), 3)]),
        ("slots[].values[]", [((0, 0), 10), ((0, 1), 11), ((2, 0), 30)]),
        ("slots[0].values[]", [((0,), 10), ((1,), 11)]),
        ("missing[].n", []),
    ],
)
def test_every_value_that_is_there_is_found_with_its_place(path: str, found: list[object]) -> None:
    assert list(parse_path(path).each(DATA)) == found


def test_a_path_may_begin_with_a_list() -> None:
    assert list(parse_path("[].n").each([{"n": 1}, {"n": 2}])) == [((0,), 1), ((1,), 2)]


def test_neighbours_are_found_by_the_same_place() -> None:
    path, neighbour = parse_path("slots[].values[]"), parse_path("slots[].n")
    assert [(value, neighbour.at(DATA, place)) for place, value in path.each(DATA)] == [(10, 1), (11, 1), (30, 3)]


@pytest.mark.parametrize(
    "path, other, runs",
    [
        ("a[].b", "a[].c", True),
        ("a", "a[].c", True),
        ("a[].b", "a[].c[].d", True),
        ("a[].c[].d", "a[].b", False),
        ("a[].b", "x[].c", False),
        ("x.a[].b", "a[].c", False),
    ],
)
def test_two_paths_run_along_the_same_lists_or_not(path: str, other: str, runs: bool) -> None:
    assert parse_path(path).runs_along(parse_path(other)) is runs


@pytest.mark.parametrize("path", ["battery.volts", "meter[].a", "plain.first", "battery[0]"])
def test_a_step_into_the_wrong_thing_is_told(path: str) -> None:
    with pytest.raises(InvalidValue, match=rf"^{path.split('[', maxsplit=1)[0].split('.', maxsplit=1)[0]}"):
        list(parse_path(path).each(DATA))


@pytest.mark.parametrize("text", ["", ".", "a.", ".a", "a..b", "a[", "a]", "a[x]", "a[-1]", "a b.", '"a', "a[][", " a"])
def test_what_is_no_path_is_refused(text: str) -> None:
    with pytest.raises(InvalidValue, match="is no path"):
        parse_path(text)


@given(st.text(max_size=30))
def test_no_text_does_worse_than_be_refused(text: str) -> None:
    try:
        path = parse_path(text)
    except InvalidValue:
        return
    assert path.text == text
    assert path.steps
