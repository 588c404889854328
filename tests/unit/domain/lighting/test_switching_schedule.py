"""When lamps should burn."""

from datetime import UTC
from zoneinfo import ZoneInfo

import pytest

from domain.errors import InvalidValue
from domain.lighting import Intervals, SwitchingSchedule, lit_by_plan
from domain.observation import Position
from domain.rfc3339 import format_rfc3339, parse_rfc3339

ULM = Position(483_984_180, 99_876_543, "surveyed")
TROMSO = Position(696_492_000, 189_553_000, "surveyed")
BERLIN = ZoneInfo("Europe/Berlin")
HOUR = 3_600_000_000_000


def planned(*lit: str, since: str, until: str, place: Position | None = ULM) -> list[tuple[str, str]]:
    """Return the plan in UTC, to the minute."""
    return minutes(
        lit_by_plan(SwitchingSchedule("s", 1, 0, lit, place=place), BERLIN, parse_rfc3339(since), parse_rfc3339(until))
    )


def minutes(intervals: Intervals) -> list[tuple[str, str]]:
    """Return ``intervals`` as text."""
    return [(format_rfc3339(on_ns)[5:16], format_rfc3339(off_ns)[5:16]) for on_ns, off_ns in intervals]


@pytest.mark.parametrize(
    "day, on, off",
    [
        # Ulm, after public tables of sunrise and sunset: 21:24 and 5:19 summer time, 16:27 and 8:09
        ("2026-06-21", "06-21T19:24", "06-22T03:18"),
        ("2026-12-21", "12-21T15:27", "12-22T07:09"),
    ],
)
def test_lamps_burn_from_sunset_to_sunrise(day: str, on: str, off: str) -> None:
    noon = parse_rfc3339(f"{day}T12:00:00Z")
    schedule = SwitchingSchedule("s", 1, place=ULM)
    assert minutes(lit_by_plan(schedule, BERLIN, noon, noon + 24 * HOUR)) == [(on, off)]


def test_a_night_that_began_the_day_before_belongs_to_the_window() -> None:
    night = planned("22:00/06:00", since="2026-01-10T00:00:00Z", until="2026-01-10T12:00:00Z")
    assert night == [("01-10T00:00", "01-10T05:00")]


def test_a_part_of_the_night_may_be_dark() -> None:
    halves = planned("17:00/00:30", "04:30/07:00", since="2026-01-10T12:00:00Z", until="2026-01-11T12:00:00Z")
    assert halves == [("01-10T16:00", "01-10T23:30"), ("01-11T03:30", "01-11T06:00")]


def test_lamps_follow_the_clock_when_it_changes() -> None:
    spring = planned("22:00/06:00", since="2026-03-28T12:00:00Z", until="2026-03-29T12:00:00Z")
    autumn = planned("22:00/06:00", since="2026-10-24T12:00:00Z", until="2026-10-25T12:00:00Z")
    assert spring == [("03-28T21:00", "03-29T04:00")]
    assert autumn == [("10-24T20:00", "10-25T05:00")]


def test_switching_is_shifted_against_the_sun() -> None:
    night = planned("sunset+00:20/sunrise-01:10", since="2026-12-21T12:00:00Z", until="2026-12-22T12:00:00Z")
    assert night == [("12-21T15:47", "12-22T05:59")]


def test_a_morning_after_sunrise_stays_dark() -> None:
    assert planned("04:30/sunrise-01:00", since="2026-06-20T12:00:00Z", until="2026-06-23T12:00:00Z") == []


def test_a_sun_that_does_not_rise_switches_nothing() -> None:
    window = {"since": "2026-12-20T12:00:00Z", "until": "2026-12-22T12:00:00Z"}
    assert planned("sunset/sunrise", place=TROMSO, **window) == []
    assert len(planned("15:00/09:00", place=TROMSO, **window)) == 2


def test_overlapping_times_are_one() -> None:
    night = planned("20:00/23:00", "22:00/02:00", since="2026-01-10T12:00:00Z", until="2026-01-11T12:00:00Z")
    assert night == [("01-10T19:00", "01-11T01:00")]


@pytest.mark.parametrize("text", ["24:00", "7:00", "sunset+1", "dusk", "", "sunset+00:60"])
def test_a_time_that_is_none_is_named(text: str) -> None:
    with pytest.raises(InvalidValue) as refused:
        lit_by_plan(SwitchingSchedule("s", 1, 0, (f"{text}/06:00",)), UTC, 0, HOUR)
    assert refused.value.attributes["value"] == text


def test_a_schedule_by_the_sun_needs_a_place() -> None:
    with pytest.raises(InvalidValue, match="needs a place"):
        lit_by_plan(SwitchingSchedule("s", 1), UTC, 0, HOUR)
