"""Instants keep every nanosecond, and bounds fit into what stores hold."""

import pytest
from google.protobuf.timestamp_pb2 import Timestamp
from hypothesis import given
from hypothesis import strategies as st

from adapters.grpc.times import EARLIEST_NS, LATEST_NS, bound, nanoseconds, timestamp
from domain.errors import InvalidValue

FIRST_S, LAST_S = -62_135_596_800, 253_402_300_799


@given(st.integers(EARLIEST_NS, LATEST_NS))
def test_an_instant_keeps_its_nanoseconds(ns: int) -> None:
    assert nanoseconds(timestamp(ns)) == ns
    assert bound(timestamp(ns), "start_time") == ns


@given(st.integers(FIRST_S, LAST_S), st.integers(0, 999_999_999))
def test_every_valid_time_is_a_bound_that_a_store_can_hold(seconds: int, nanos: int) -> None:
    instant = bound(Timestamp(seconds=seconds, nanos=nanos), "start_time")
    assert EARLIEST_NS <= instant <= LATEST_NS


@pytest.mark.parametrize("seconds,expected", [(FIRST_S, EARLIEST_NS), (LAST_S, LATEST_NS)])
def test_the_ends_of_time_are_those_of_the_stores(seconds: int, expected: int) -> None:
    assert bound(Timestamp(seconds=seconds), "start_time") == expected


@pytest.mark.parametrize("seconds,nanos", [(FIRST_S - 1, 0), (LAST_S + 1, 0), (0, -1), (0, 1_000_000_000)])
def test_what_is_no_time_is_refused_by_name(seconds: int, nanos: int) -> None:
    with pytest.raises(InvalidValue) as refused:
        bound(Timestamp(seconds=seconds, nanos=nanos), "start_time")
    assert refused.value.attributes["field"] == "start_time"
