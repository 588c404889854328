"""When a reading was true."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.observation import event_time

_S = 1_000_000_000
_DAY = 86_400 * _S
_NOON = 1_767_268_800 * _S
"""2026-01-01 12:00 UTC, when the network received the frame."""


def test_a_device_that_says_nothing_was_there_when_the_network_heard_it() -> None:
    assert event_time(None, _NOON) == (_NOON, "network", 2_000)


def test_a_stated_age_moves_the_time_back() -> None:
    assert event_time(None, _NOON, 6_300 * _S) == (_NOON - 6_300 * _S, "derived", 2_000)


def test_the_device_knows_better_than_the_network() -> None:
    assert event_time(_NOON - 30 * _S, _NOON) == (_NOON - 30 * _S, "device", 1_000)


def test_an_age_counts_from_the_devices_own_clock() -> None:
    assert event_time(_NOON - 30 * _S, _NOON, 60 * _S) == (_NOON - 90 * _S, "device", 1_000)


@pytest.mark.parametrize("device_ns", [_NOON - 400 * _DAY, _NOON + 300 * _S])
def test_a_clock_is_believed_up_to_its_limits(device_ns: int) -> None:
    assert event_time(device_ns, _NOON) == (device_ns, "device", 1_000)


@pytest.mark.parametrize("device_ns", [1_000 * _S, _NOON - 400 * _DAY - 1, _NOON + 300 * _S + 1])
def test_a_clock_beyond_its_limits_is_not_believed(device_ns: int) -> None:
    assert event_time(device_ns, _NOON) == (_NOON, "network", 2_000)


def test_an_unbelievable_clock_leaves_the_stated_age() -> None:
    assert event_time(1_000 * _S, _NOON, 60 * _S) == (_NOON - 60 * _S, "derived", 2_000)


@pytest.mark.parametrize("age_ns", [-1, 400 * _DAY + 1, 10**30])
def test_an_age_that_cannot_be_is_none(age_ns: int) -> None:
    assert event_time(None, _NOON, age_ns) == (_NOON, "network", 2_000)
    assert event_time(_NOON, _NOON, age_ns) == (_NOON, "device", 1_000)


@given(st.none() | st.integers(0, 2**62), st.integers(0, 2**62), st.integers())
def test_no_device_moves_a_reading_into_the_future(device_ns: int | None, network_ns: int, age_ns: int) -> None:
    instant, origin, _ = event_time(device_ns, network_ns, age_ns)
    assert instant <= network_ns + 300 * _S
    assert instant >= network_ns - 800 * _DAY
    assert origin in {"device", "derived", "network"}
