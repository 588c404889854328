"""Dates and times of a meter, as EN 13757-3 codes them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.decoding.mbus import LocalTime
from domain.decoding.mbus.local_time import local_time


def day(year: int, month: int, day_of_month: int) -> bytes:
    """Return a date as a meter of two digits for the year writes it."""
    return bytes((day_of_month | (year & 7) << 5, month | year >> 3 << 4))


@given(st.integers(0, 80), st.integers(1, 12), st.integers(1, 31))
def test_two_bytes_are_a_date(year: int, month: int, day_of_month: int) -> None:
    assert local_time(day(year, month, day_of_month)) == LocalTime(2000 + year, month, day_of_month)


@pytest.mark.parametrize("digits, year", [(0, 2000), (80, 2080), (81, 1981), (99, 1999), (127, None)])
def test_a_year_of_two_digits_is_of_our_time(digits: int, year: int | None) -> None:
    assert local_time(day(digits, 1, 1)) == LocalTime(year, 1, 1)


@pytest.mark.parametrize("month", [0, 15])
def test_what_is_not_said_is_every(month: int) -> None:
    moment = local_time(day(127, month, 0))
    assert moment == LocalTime()
    assert str(moment) == "*-*-*"


def test_hundreds_of_years_may_be_said() -> None:
    assert local_time(bytes((0, 0x40)) + day(9, 1, 1)) == LocalTime(2109, 1, 1, 0, 0)


@pytest.mark.parametrize("hour, is_summer", [(0x87, True), (0x07, False)])
def test_summer_time_is_what_the_meter_says_of_its_clock(hour: int, is_summer: bool) -> None:
    assert local_time(bytes((30, hour)) + day(26, 7, 1)) == LocalTime(2026, 7, 1, 7, 30, None, summer_time=is_summer)


def test_seconds_may_be_said() -> None:
    moment = local_time(bytes((0x40 | 5, 30, 7)) + day(26, 7, 1) + b"\0")
    assert moment == LocalTime(2026, 7, 1, 7, 30, 5, summer_time=True)
    assert str(moment) == "2026-07-01T07:30:05"


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\0",
        day(26, 13, 1),
        bytes((0x80, 7)) + day(26, 7, 1),
        bytes((60, 7)) + day(26, 7, 1),
        bytes((0, 24)) + day(26, 7, 1),
        bytes((0, 0x80, 7)) + day(26, 7, 1) + b"\0",
        bytes((60, 0, 7)) + day(26, 7, 1) + b"\0",
        bytes((0, 0, 24)),
    ],
)
def test_what_is_no_time_is_none(data: bytes) -> None:
    assert local_time(data) is None


@given(st.binary(max_size=8))
def test_no_bytes_break_it(data: bytes) -> None:
    moment = local_time(data)
    assert moment is None or str(moment)
