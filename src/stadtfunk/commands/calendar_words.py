"""Words about time on the wall clock of a place: dates, zones, starts of days, spans of time."""

import argparse
import re
from datetime import date, tzinfo
from typing import TypeAlias

from application.time_zone import time_zone
from domain.errors import InvalidValue
from domain.meter import Calendar
from stadtfunk.commands.words import Asked, instant

Moment: TypeAlias = "date | int"
"""A day, which begins when the calendar says, or an instant (ns since 1970-01-01 UTC)."""

ZONE = "Europe/Berlin"
_TIME_OF_DAY = re.compile(r"([01]\d|2[0-3]):([0-5]\d)", re.ASCII)
_SPAN = re.compile(r"(\d{1,5})([smhd])", re.ASCII)
_SECONDS = {"s": 1, "m": 60, "h": 3_600, "d": 86_400}


def add_zone(parser: argparse.ArgumentParser) -> None:
    """Add whose calendar it is."""
    parser.add_argument(
        "--zone", type=zone, default=time_zone(ZONE), metavar="ZONE", help=f"whose calendar, default {ZONE}"
    )


def add_range(parser: argparse.ArgumentParser) -> None:
    """Add from when to when, and whose calendar it is."""
    parser.add_argument("--from", dest="since", type=moment, required=True, metavar="DAY", help="first day or instant")
    parser.add_argument("--until", type=moment, required=True, metavar="DAY", help="up to but not this day or instant")
    add_zone(parser)


def zone(text: str) -> tzinfo:
    """Return the time zone called ``text``."""
    try:
        return time_zone(text)
    except InvalidValue as error:
        raise argparse.ArgumentTypeError(error.message) from None


def moment(text: str) -> Moment:
    """Return a day (2026-10-25) or an instant (RFC 3339)."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return instant(text)


def time_of_day(text: str) -> int:
    """Return ``hh:mm`` in seconds."""
    found = _TIME_OF_DAY.fullmatch(text)
    if found is None:
        raise argparse.ArgumentTypeError(f"{text!r} is no time of day: hh:mm expected")
    return int(found[1]) * 3_600 + int(found[2]) * 60


def span(text: str) -> int:
    """Return a span of time such as ``90m``, ``36h`` or ``7d`` in seconds."""
    found = _SPAN.fullmatch(text)
    if found is None:
        raise argparse.ArgumentTypeError(f"{text!r} is no span of time: 90m, 36h or 7d expected")
    return int(found[1]) * _SECONDS[found[2]]


def calendar_of(asked: Asked) -> Calendar:
    """Return the calendar that ``asked`` names."""
    return Calendar(asked.zone, getattr(asked, "day_start", 0))


def instant_of(at: Moment, calendar: Calendar) -> int:
    """Return a moment in ns: a day is where it begins."""
    return at if isinstance(at, int) else calendar.instant(at)
