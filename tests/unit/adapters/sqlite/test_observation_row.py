"""Laws of merging: order and repetition never matter, and nothing is made up."""

from functools import reduce
from math import isnan

from hypothesis import given
from hypothesis import strategies as st

from adapters.sqlite.observation_row import Row, by_event, merged, readings_of, row_of
from application.ports.reading_query import ReadingFilter, StoredReading
from domain.identifiers import DevEui
from domain.observation import Observation, Position, Reading
from tests.support.builders import DEV, NOON_NS, a_reading, an_observation

EVER = ReadingFilter(-(2**62), 2**62)

values = st.one_of(
    st.booleans(),
    st.integers(-(2**70), 2**70),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(max_size=5),
    st.builds(Position, st.integers(-9 * 10**8, 9 * 10**8), st.integers(-18 * 10**8, 18 * 10**8)),
)
readings = st.builds(
    Reading,
    st.sampled_from(["m.a", "m.b"]),
    st.sampled_from(["", "1", "a/b"]),
    values,
    st.sampled_from([0, -4]),
    st.sampled_from(["measured", "implausible"]),
)
observations = st.builds(
    Observation,
    st.just(DevEui(DEV)),
    st.just(NOON_NS),
    st.integers(0, 3),
    st.lists(readings, max_size=4, unique_by=lambda each: (each.measurand, each.channel)).map(tuple),
    f_cnt=st.integers(0, 2),
    decoder=st.sampled_from(["d@1", "d@2"]),
)
rows = observations.map(row_of)


def content(row: Row) -> list[StoredReading]:
    """Return all that ``row`` says."""
    return readings_of(row, EVER)


@given(rows, rows)
def test_merging_does_not_depend_on_order(one: Row, other: Row) -> None:
    assert content(merged(one, other)) == content(merged(other, one))


@given(rows, rows, rows)
def test_merging_does_not_depend_on_grouping(one: Row, two: Row, three: Row) -> None:
    assert content(merged(merged(one, two), three)) == content(merged(one, merged(two, three)))


@given(rows, rows)
def test_merging_again_changes_nothing(one: Row, other: Row) -> None:
    together = merged(one, other)
    assert merged(together, one) == merged(together, other) == together


@given(st.lists(observations, min_size=1, max_size=5))
def test_each_reading_is_that_of_a_latest_observation(written: list[Observation]) -> None:
    kept = content(reduce(merged, [row_of(each) for each in written]))
    latest: dict[tuple[str, str], int] = {}
    for observation in written:
        for reading in observation.readings:
            key = (reading.measurand, reading.channel)
            latest[key] = max(latest.get(key, 0), observation.written_us)
    assert {(each.reading.measurand, each.reading.channel): each.written_us for each in kept} == latest
    for each in kept:
        assert any(
            each.reading in observation.readings
            and (each.written_us, each.f_cnt, each.decoder)
            == (observation.written_us, observation.f_cnt, observation.decoder)
            for observation in written
        )


@given(observations)
def test_a_row_says_what_its_observation_said(observation: Observation) -> None:
    kept = content(row_of(observation))
    assert [each.reading for each in kept] == sorted(
        observation.readings, key=lambda each: (each.measurand, each.channel)
    )
    assert all(type(each.reading.value) in {bool, int, float, str, Position} for each in kept)


def test_a_value_that_is_no_number_comes_back_as_none() -> None:
    [kept] = content(row_of(an_observation(a_reading(value=float("inf")))))
    assert isinstance(kept.reading.value, float)
    assert isnan(kept.reading.value)


def test_rows_of_one_instant_become_one() -> None:
    first, second = an_observation(a_reading("m.a")), an_observation(a_reading("m.b"))
    later = an_observation(event_ns=NOON_NS + 1)
    events = by_event([row_of(each) for each in (first, second, later)])
    assert {event: len(content(row)) for event, row in events.items()} == {NOON_NS: 2, NOON_NS + 1: 1}
