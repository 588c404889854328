"""Days of a city: which one it is, in zones east and west, and on days of 23 and 25 hours."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.radio import DayCalendar

_NS = 1_000_000_000
_ZONES = [ZoneInfo(name) for name in ("UTC", "Europe/Berlin", "America/New_York", "Asia/Kolkata", "Pacific/Kiritimati")]
_EPOCH = date(1970, 1, 1)
_SINCE, _UNTIL = datetime(2020, 1, 1, tzinfo=UTC), datetime(2031, 1, 1, tzinfo=UTC)


def instant(moment: datetime) -> int:
    """Return ``moment`` in ns since 1970-01-01 UTC."""
    return (moment - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1) * 1_000


@given(
    st.sampled_from(_ZONES),
    st.lists(st.datetimes(_SINCE.replace(tzinfo=None), _UNTIL.replace(tzinfo=None)), min_size=1),
)
def test_the_day_is_that_of_the_city_whatever_was_asked_before(zone: ZoneInfo, moments: list[datetime]) -> None:
    """One calendar tells all days."""
    calendar = DayCalendar(zone)
    for moment in (each.replace(tzinfo=UTC) for each in moments):
        assert _EPOCH + timedelta(calendar.day(instant(moment))) == moment.astimezone(zone).date()


@pytest.mark.parametrize("day, hours", [(date(2026, 3, 29), 23), (date(2026, 10, 25), 25), (date(2026, 11, 23), 24)])
def test_a_day_ends_where_the_next_begins(day: date, hours: int) -> None:
    """To the nanosecond, also when clocks are set."""
    calendar, number = DayCalendar(ZoneInfo("Europe/Berlin")), (day - _EPOCH).days
    first, last = calendar.seconds_of(number)
    assert last - first + 1 == hours * 3_600
    instants = [first * _NS - 1, first * _NS, last * _NS + _NS - 1, (last + 1) * _NS]
    assert [calendar.day(each) - number for each in instants] == [-1, 0, 0, 1]
    assert [calendar.day(each) - number for each in reversed(instants)] == [1, 0, 0, -1]


@pytest.mark.parametrize("network_ns", [-1, -400 * 86_400 * _NS, (2**32) * _NS, 2**63 - 1])
def test_a_time_that_nobody_believes_is_counted_on_the_first_or_last_day(network_ns: int) -> None:
    """A server's clock may be set to anything."""
    calendar = DayCalendar()
    assert calendar.day(network_ns) == (0 if network_ns < 0 else 0xFFFF_FFFF // 86_400)
    assert calendar.day(86_400 * _NS) == 1
