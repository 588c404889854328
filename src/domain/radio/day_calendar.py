"""Days of a city: numbers since 1970-01-01 in its time zone."""

from datetime import UTC, datetime, timedelta, tzinfo

_NS = 1_000_000_000
_HOUR_S = 3_600
_DAY_S = 86_400
_MOST_S = 0xFFFF_FFFF
"""2106-02-07: a server that says later is not believed; a frame before 1970 neither."""
_DAYS_KEPT = 1_024
_HOURS_KEPT = 4_096
"""170 days of hours: more than are ever in use at one time."""


def seconds(network_ns: int) -> int:
    """Return a network time in whole seconds since 1970-01-01 UTC, within 32 bits."""
    return min(max(network_ns // _NS, 0), _MOST_S)


class DayCalendar:
    """Which day it is. The zone is asked once for every hour, not for every frame: zones change at full hours of UTC.

    (The few that ever changed at half hours, Lord Howe Island among them, would have days begin an hour off twice a
    year.)
    """

    def __init__(self, zone: tzinfo = UTC) -> None:
        self._zone = zone
        self._asked = 0, 0, 0
        """The day that was asked for last, as its first nanosecond, that of the next day, and its number."""
        self._offsets: dict[int, int] = {}
        self._bounds: dict[int, tuple[int, int]] = {}

    def day(self, network_ns: int) -> int:
        """Return the number of the day in which ``network_ns`` lies: for nearly every frame that of the one before."""
        since_ns, until_ns, day = self._asked
        if since_ns <= network_ns < until_ns:
            return day
        day = self._day_of(seconds(network_ns))
        first, last = self.seconds_of(day)
        self._asked = first * _NS, (last + 1) * _NS, day
        return day

    def day_of_second(self, second: int) -> int:
        """Return the number of the day in which ``second`` (since 1970-01-01 UTC) lies."""
        return self.day(second * _NS)

    def seconds_of(self, day: int) -> tuple[int, int]:
        """Return the first and the last second of a day, since 1970-01-01 UTC; a day may have 23 or 25 hours."""
        bounds = self._bounds.get(day)
        if bounds is None:
            if len(self._bounds) >= _DAYS_KEPT:
                self._bounds.clear()
            bounds = self._bounds[day] = self._begin(day), self._begin(day + 1) - 1
        return bounds

    def _begin(self, day: int) -> int:
        """Return the first second of a day: no zone is further than 15 hours from UTC."""
        first, last = day * _DAY_S - 15 * _HOUR_S, day * _DAY_S + 15 * _HOUR_S
        while first < last:
            middle = (first + last) // 2
            if self._day_of(middle) < day:
                first = middle + 1
            else:
                last = middle
        return first

    def _day_of(self, second: int) -> int:
        hour = second // _HOUR_S
        offset = self._offsets.get(hour)
        if offset is None:
            offset = self._offset(hour)
        return (second + offset) // _DAY_S

    def _offset(self, hour: int) -> int:
        if len(self._offsets) >= _HOURS_KEPT:
            self._offsets.clear()
        local = datetime.fromtimestamp(hour * _HOUR_S, UTC).astimezone(self._zone)
        offset = int((local.utcoffset() or timedelta()).total_seconds())
        self._offsets[hour] = offset
        return offset


UTC_DAYS = DayCalendar()
"""Where no zone is set."""
