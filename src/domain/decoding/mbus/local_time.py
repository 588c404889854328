"""Dates and times of a meter: local, without a zone, and sometimes of every year.

Source: EN 13757-3, annex A, data types F (date and time), G (date), I (date and time to the second), J (time).
"""

from msgspec import Struct

_EVERY_YEAR, _OLDEST_OF_2000 = 127, 80
"""A meter of two digits: 0 to 80 are 2000 to 2080."""
_LENGTH_F, _LENGTH_G, _LENGTH_I, _LENGTH_J = 4, 2, 6, 3


class LocalTime(Struct, frozen=True, gc=False, omit_defaults=True):
    """A moment or a day by the meter's own clock."""

    year: int | None = None
    """None: every year."""
    month: int | None = None
    """None: every month."""
    day: int | None = None
    """None: every day."""
    hour: int | None = None
    """None: a whole day."""
    minute: int | None = None
    second: int | None = None
    summer_time: bool = False
    """Whether the meter says that its clock is on summer time; that it does not say so means nothing."""

    def __str__(self) -> str:
        """Return it as ISO 8601 would, with ``*`` for every."""
        date = "-".join("*" if part is None else f"{part:02d}" for part in (self.year, self.month, self.day))
        if self.hour is None:
            return date
        clock = ":".join(f"{part:02d}" for part in (self.hour, self.minute, self.second) if part is not None)
        return f"{date}T{clock}"


def local_time(data: bytes) -> LocalTime | None:
    """Return the date, the time or both that ``data`` mean by their length; None: the meter calls them invalid."""
    if len(data) == _LENGTH_G:
        return _date(data)
    if len(data) == _LENGTH_F:
        return _date_and_minute(data)
    if len(data) == _LENGTH_I:
        return _date_and_second(data)
    if len(data) == _LENGTH_J:
        return _valid(LocalTime(hour=data[2] & 0x1F, minute=data[1] & 0x3F, second=data[0] & 0x3F))
    return None


def _date(data: bytes) -> LocalTime | None:
    """Read type G."""
    return _valid(LocalTime(_year(data, 0), *_day(data)))


def _date_and_minute(data: bytes) -> LocalTime | None:
    """Read type F."""
    if data[0] & 0x80:
        return None
    year = _year(data[2:], data[1] >> 5 & 3)
    return _valid(
        LocalTime(year, *_day(data[2:]), data[1] & 0x1F, data[0] & 0x3F, None, summer_time=bool(data[1] & 0x80))
    )


def _date_and_second(data: bytes) -> LocalTime | None:
    """Read type I."""
    if data[1] & 0x80:
        return None
    summer_time = bool(data[0] & 0x40)
    return _valid(
        LocalTime(
            _year(data[3:], 0),
            *_day(data[3:]),
            data[2] & 0x1F,
            data[1] & 0x3F,
            data[0] & 0x3F,
            summer_time=summer_time,
        )
    )


def _year(data: bytes, hundreds: int) -> int | None:
    """Return the year, whose lower bits are above the day and whose upper bits are above the month."""
    year = data[0] >> 5 | data[1] >> 4 << 3
    if year == _EVERY_YEAR:
        return None
    if hundreds:
        return 1900 + 100 * hundreds + year
    return (2000 if year <= _OLDEST_OF_2000 else 1900) + year


def _day(data: bytes) -> tuple[int | None, int | None]:
    """Return month and day; 0 and, for the month, 15 stand for every."""
    month, day = data[1] & 0x0F, data[0] & 0x1F
    return (None if month in {0, 15} else month), day or None


def _valid(found: LocalTime) -> LocalTime | None:
    month_is, day_is = found.month or 1, found.day or 1
    clock = (found.hour or 0) < 24 and (found.minute or 0) < 60 and (found.second or 0) < 60  # noqa: PLR2004  a clock
    return found if month_is <= 12 and day_is <= 31 and clock else None  # noqa: PLR2004  a calendar
