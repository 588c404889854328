"""Hours, days, months and years begin where the wall clock says."""

from datetime import datetime
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.errors import InvalidValue
from domain.meter import Calendar, Grain, TooManyBuckets
from tests.unit.domain.meter.points import BERLIN, DAY, HOUR, NS, by, ns

ZONES = ["Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu", "Pacific/Apia", "UTC"]
SIX = 6 * 3_600


def lengths(boundaries: list[int]) -> list[float]:
    return [(end - start) / HOUR for start, end in pairwise(boundaries)]


def walls(boundaries: list[int]) -> list[str]:
    return [Calendar(BERLIN).local(each).isoformat() for each in boundaries]


def test_the_day_on_which_the_clocks_go_on_has_23_hours() -> None:
    days = by(Grain.DAY, "2026-03-28 00:00", "2026-03-31 00:00")
    assert lengths(days) == [24, 23, 24]


def test_the_day_on_which_the_clocks_go_back_has_25_hours() -> None:
    days = by(Grain.DAY, "2026-10-24 00:00", "2026-10-27 00:00")
    assert lengths(days) == [24, 25, 24]


def test_hours_carry_their_offset_so_that_the_hour_shown_twice_is_two() -> None:
    hours = walls(by(Grain.HOUR, "2026-10-25 01:00", "2026-10-25 04:00"))
    assert hours == [
        "2026-10-25T01:00:00+02:00",
        "2026-10-25T02:00:00+02:00",
        "2026-10-25T02:00:00+01:00",
        "2026-10-25T03:00:00+01:00",
        "2026-10-25T04:00:00+01:00",
    ]


def test_the_hour_left_out_is_none() -> None:
    hours = walls(by(Grain.HOUR, "2026-03-29 01:00", "2026-03-29 04:00"))
    assert hours == ["2026-03-29T01:00:00+01:00", "2026-03-29T03:00:00+02:00", "2026-03-29T04:00:00+02:00"]


def test_a_day_that_begins_at_six_is_short_or_long_before_the_clocks_change() -> None:
    spring = by(Grain.DAY, "2026-03-27 06:00", "2026-03-30 06:00", SIX)
    autumn = by(Grain.DAY, "2026-10-23 06:00", "2026-10-26 06:00", SIX)
    assert (lengths(spring), lengths(autumn)) == ([24, 23, 24], [24, 25, 24])


def test_months_and_years_begin_when_their_first_day_does() -> None:
    months = walls(by(Grain.MONTH, "2026-01-01 06:00", "2026-04-01 06:00", SIX))
    years = walls(by(Grain.YEAR, "2025-01-01 06:00", "2027-01-01 06:00", SIX))
    assert [each[:16] for each in months] == [f"2026-{month:02d}-01T06:00" for month in (1, 2, 3, 4)]
    assert [each[:16] for each in years] == [f"{year}-01-01T06:00" for year in (2025, 2026, 2027)]


def test_before_six_it_is_still_the_day_before() -> None:
    assert Calendar(BERLIN, SIX).day(ns("2026-03-01 05:59")).isoformat() == "2026-02-28"
    assert Calendar(BERLIN, SIX).day(ns("2026-03-01 06:00")).isoformat() == "2026-03-01"


def test_a_range_may_begin_and_end_within_a_bucket() -> None:
    assert lengths(by(Grain.DAY, "2026-01-01 18:00", "2026-01-03 03:00")) == [6, 24, 3]


def test_a_day_whose_beginning_the_clocks_leave_out_begins_when_they_have_gone_on() -> None:
    beirut = ZoneInfo("Asia/Beirut")
    days = by(Grain.DAY, "2026-03-28 00:00", "2026-03-30 00:00", zone=beirut)
    assert lengths(days) == [24, 23]
    assert Calendar(beirut).local(days[1]).isoformat() == "2026-03-29T01:00:00+03:00"


def test_a_day_that_a_place_left_out_is_none() -> None:
    apia = ZoneInfo("Pacific/Apia")
    days = by(Grain.DAY, "2011-12-28 00:00", "2012-01-01 00:00", zone=apia)
    assert [Calendar(apia).local(each).day for each in days] == [28, 29, 31, 1]


def test_an_offset_of_three_quarters_of_an_hour_has_full_hours_too() -> None:
    kathmandu = ZoneInfo("Asia/Kathmandu")
    hours = by(Grain.HOUR, "2026-01-01 10:00", "2026-01-01 12:00", zone=kathmandu)
    assert [Calendar(kathmandu).local(each).minute for each in hours] == [0, 0, 0]


@pytest.mark.parametrize("until", ["2026-01-01 00:00", "2025-12-31 00:00"])
def test_a_range_must_have_a_length(until: str) -> None:
    with pytest.raises(InvalidValue):
        by(Grain.DAY, "2026-01-01 00:00", until)


def test_times_beyond_the_calendar_are_refused() -> None:
    with pytest.raises(InvalidValue):
        Calendar(BERLIN).boundaries(-(2**63), 2**63 - 1, Grain.YEAR, 1_000)


@pytest.mark.parametrize("day_start_s", [-1, 86_400])
def test_a_day_starts_within_a_day(day_start_s: int) -> None:
    with pytest.raises(InvalidValue):
        Calendar(BERLIN, day_start_s).boundaries(0, 1, Grain.DAY, 10)


def test_more_buckets_than_an_answer_holds_are_refused() -> None:
    calendar = Calendar(BERLIN)
    start = ns("2026-06-01 00:00")
    assert len(calendar.boundaries(start, start + 24 * HOUR, Grain.HOUR, 24)) == 25
    with pytest.raises(TooManyBuckets):
        calendar.boundaries(start, start + 25 * HOUR, Grain.HOUR, 24)


@given(
    zone=st.sampled_from(ZONES),
    start_s=st.integers(315_532_800, 2_208_988_800),
    days=st.integers(1, 800),
    grain=st.sampled_from(Grain),
    day_start_s=st.sampled_from([0, SIX, 9_000, 86_399]),
)
def test_buckets_adjoin_cover_the_range_and_are_as_long_as_their_grain(
    zone: str, start_s: int, days: int, grain: Grain, day_start_s: int
) -> None:
    calendar = Calendar(ZoneInfo(zone), day_start_s)
    since, until = start_s * NS, (start_s + days * 1_000) * NS if grain is Grain.HOUR else start_s * NS + days * DAY
    found = calendar.boundaries(since, until, grain, 100_000)
    assert (found[0], found[-1]) == (since, until)
    assert all(start < end for start, end in pairwise(found))
    longest = {Grain.HOUR: 1, Grain.DAY: 25, Grain.MONTH: 31 * 24 + 1, Grain.YEAR: 366 * 24}[grain]
    assert max(lengths(found)) <= longest


@given(st.sampled_from(ZONES), st.integers(315_532_800, 2_208_988_800), st.sampled_from([0, SIX, 9_000, 86_399]))
def test_every_instant_lies_in_its_day(zone: str, at_s: int, day_start_s: int) -> None:
    calendar = Calendar(ZoneInfo(zone), day_start_s)
    day = calendar.day(at_s * NS)
    following = datetime.fromordinal(day.toordinal() + 1).date()
    assert calendar.instant(day) <= at_s * NS < max(calendar.instant(following), calendar.instant(day) + 1)
