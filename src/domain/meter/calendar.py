"""The calendar of a place: where its hours, days, months and years begin.

Boundaries are instants (ns since 1970-01-01 UTC) made from the wall clock of a time zone, so that a day has 23 or 25
hours when the clocks change. A day may begin later than midnight: for gas at 06:00, and so do its months and years.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta, tzinfo
from enum import StrEnum

from msgspec import Struct

from domain.errors import InvalidValue

_NS_PER_S = 10**9
_HOUR_S = 3_600
_DAY_S = 86_400
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_SECOND = timedelta(seconds=1)
_FIRST_YEAR, _LAST_YEAR = 1971, 2261
"""What 64 bits of nanoseconds hold, with a year to spare."""


class Grain(StrEnum):
    """How long a bucket is."""

    HOUR = "hour"
    DAY = "day"
    MONTH = "month"
    YEAR = "year"


class TooManyBuckets(InvalidValue):
    """A range has more buckets than one answer holds."""

    reason = "TOO_MANY_BUCKETS"


class Calendar(Struct, frozen=True):
    """The wall clock of ``zone``, with days that begin ``day_start_s`` after midnight."""

    zone: tzinfo
    day_start_s: int = 0

    def instant(self, day: date) -> int:
        """Return when ``day`` begins; where the clocks leave that moment out, when they have gone on."""
        wall = datetime(day.year, day.month, day.day, tzinfo=self.zone) + timedelta(seconds=self.day_start_s)
        return (wall.astimezone(UTC) - _EPOCH) // _SECOND * _NS_PER_S

    def local(self, at_ns: int) -> datetime:
        """Return the wall clock at an instant, with its offset; whole seconds."""
        return (_EPOCH + timedelta(seconds=at_ns // _NS_PER_S)).astimezone(self.zone)

    def day(self, at_ns: int) -> date:
        """Return which day an instant belongs to."""
        day = (self.local(at_ns) - timedelta(seconds=self.day_start_s)).date()
        if self.instant(day) > at_ns:
            return day - timedelta(days=1)
        following = day + timedelta(days=1)
        return following if self.instant(following) <= at_ns else day

    def boundaries(self, since_ns: int, until_ns: int, grain: Grain, most: int) -> list[int]:
        """Return ``since_ns``, every beginning of a bucket behind it, and ``until_ns``.

        Raises:
            InvalidValue: the range is empty, or reaches beyond 1971 to 2261.
            TooManyBuckets: they are more than ``most``.
        """
        self._check(since_ns, until_ns)
        found = [since_ns]
        for start in self._starts(since_ns, grain):
            if start >= until_ns:
                break
            if start > found[-1]:
                found.append(start)
            if len(found) > most:
                message = f"more than {most} buckets: ask for a shorter range or a coarser grain"
                raise TooManyBuckets(message, field="end_time", value=str(most))
        return [*found, until_ns]

    def _check(self, since_ns: int, until_ns: int) -> None:
        if until_ns <= since_ns:
            raise InvalidValue("the range ends before it starts", field="end_time", value=str(until_ns))
        for field, at_ns in (("start_time", since_ns), ("end_time", until_ns)):
            if not _FIRST_YEAR <= (_EPOCH + timedelta(seconds=at_ns // _NS_PER_S)).year <= _LAST_YEAR:
                raise InvalidValue(f"only {_FIRST_YEAR} to {_LAST_YEAR} has a calendar", field=field, value=str(at_ns))
        if not 0 <= self.day_start_s < _DAY_S:
            value = str(self.day_start_s)
            raise InvalidValue(f"a day starts within 24 h of midnight, not after {value} s", field="day_start")

    def _starts(self, since_ns: int, grain: Grain) -> Iterator[int]:
        """Yield where buckets begin, from about ``since_ns`` on, without end."""
        if grain is Grain.HOUR:
            yield from self._hours(since_ns)
        day = self.day(since_ns)
        if grain is Grain.MONTH:
            day = day.replace(day=1)
        if grain is Grain.YEAR:
            day = day.replace(month=1, day=1)
        while True:
            yield self.instant(day)
            day = _following(day, grain)

    def _hours(self, at_ns: int) -> Iterator[int]:
        """Yield the full hours of the wall clock: also those that it shows twice, and none that it leaves out."""
        while True:
            wall = self.local(at_ns)
            at_ns = at_ns // _NS_PER_S * _NS_PER_S
            at_ns += (_HOUR_S - wall.minute * 60 - wall.second) * _NS_PER_S
            yield at_ns


def _following(day: date, grain: Grain) -> date:
    if grain is Grain.DAY:
        return day + timedelta(days=1)
    if grain is Grain.MONTH:
        return date(day.year + day.month // 12, day.month % 12 + 1, 1)
    return date(day.year + 1, 1, 1)
