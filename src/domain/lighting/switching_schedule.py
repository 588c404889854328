"""Switching schedules: when the lamps of a circuit should burn, by the clock or by the sun."""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta, tzinfo

from msgspec import Struct

from domain.dated import dated_key
from domain.errors import InvalidValue
from domain.lighting.intervals import Intervals, clipped, joined
from domain.lighting.sun import sun_times
from domain.observation import Position

_NS_PER_S = 1_000_000_000
_DAY = timedelta(days=1)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_DEGREE = 10**7
_LONGEST_NS = 20 * 3_600 * _NS_PER_S
"""No lamp of a street burns by plan for longer: where switching off would come as late, the sun rose before switching
on, and the lamp does not burn at all."""
_WHEN = re.compile(
    r"(?:(?P<hour>[01]\d|2[0-3]):(?P<minute>[0-5]\d))|(?:(?P<sun>sunrise|sunset)(?P<shift>[+-]\d\d:[0-5]\d)?)"
)


class SwitchingSchedule(Struct, frozen=True, gc=False, omit_defaults=True, tag="switching_schedule"):
    """When lamps are switched on and off, from ``valid_from_ns`` on."""

    schedule_id: str
    written_us: int
    valid_from_ns: int = 0
    lit: tuple[str, ...] = ("sunset/sunrise",)
    """On and off, as ``sunset+00:10/00:30``: on the clock of the time zone, or by the sun with a shift. Several of them
    leave a part of the night dark."""
    time_zone: str = "Europe/Berlin"
    place: Position | None = None
    """Where the sun rises; needed where ``lit`` speaks of it."""

    @property
    def key(self) -> str:
        """Return what the record is stored under."""
        return dated_key(self.schedule_id, self.valid_from_ns)


def lit_by_plan(schedule: SwitchingSchedule, zone: tzinfo, since_ns: int, until_ns: int) -> Intervals:
    """Return when lamps should burn in ``[since_ns, until_ns)``.

    Args:
        schedule: by which they are switched.
        zone: the time zone that ``schedule`` names.
        since_ns: begin of the window.
        until_ns: its end.

    Raises:
        InvalidValue: a time of the schedule is none, or it speaks of the sun without a place.
    """
    first = _local_date(since_ns, zone) - _DAY  # the night that has begun the day before
    days = (_local_date(until_ns, zone) - first).days
    nights = (lit for number in range(days + 1) for lit in _lit_on(schedule, zone, first + number * _DAY))
    return clipped(joined(nights), since_ns, until_ns)


def _lit_on(schedule: SwitchingSchedule, zone: tzinfo, day: date) -> Iterator[tuple[int, int]]:
    """Yield the intervals that begin on ``day``."""
    for text in schedule.lit:
        on, _, off = text.partition("/")
        on_ns = _instant(on, schedule, zone, day)
        off_ns = _instant(off, schedule, zone, day)
        if on_ns is not None and off_ns is not None and off_ns <= on_ns:
            off_ns = _instant(off, schedule, zone, day + _DAY)
        if on_ns is not None and off_ns is not None and on_ns < off_ns <= on_ns + _LONGEST_NS:
            yield on_ns, off_ns


def _instant(text: str, schedule: SwitchingSchedule, zone: tzinfo, day: date) -> int | None:
    """Return when ``text`` is on ``day``; None: the sun neither rises nor sets."""
    when = _WHEN.fullmatch(text)
    if when is None:
        message = f"{text!r} is no time to switch: HH:MM, sunrise or sunset with +HH:MM or -HH:MM expected"
        raise InvalidValue(message, field="lit", value=text)
    if when["sun"] is None:
        return _ns(datetime(day.year, day.month, day.day, int(when["hour"]), int(when["minute"]), tzinfo=zone))
    times = sun_times((day - _EPOCH.date()).days, *_place(schedule))
    return None if times is None else times[when["sun"] == "sunset"] + _shift_ns(when["shift"] or "")


def _place(schedule: SwitchingSchedule) -> tuple[float, float]:
    place = schedule.place
    if place is None:
        message = f"schedule {schedule.schedule_id!r} goes by the sun: it needs a place"
        raise InvalidValue(message, field="place", value="")
    return place.latitude / _DEGREE, place.longitude / _DEGREE


def _shift_ns(text: str) -> int:
    if not text:
        return 0
    minutes = int(text[1:3]) * 60 + int(text[4:6])
    return (-minutes if text[0] == "-" else minutes) * 60 * _NS_PER_S


def _local_date(at_ns: int, zone: tzinfo) -> date:
    return (_EPOCH + timedelta(microseconds=at_ns // 1_000)).astimezone(zone).date()


def _ns(instant: datetime) -> int:
    return (instant - _EPOCH) // timedelta(microseconds=1) * 1_000
