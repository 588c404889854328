"""Rows of the loss ledger, and calendars."""

from zoneinfo import ZoneInfo

from domain.radio import DayCalendar, FrameAccount, LossDay, LossLedger, Outage
from tests.support.builders import DEV

ULM = DayCalendar(ZoneInfo("Europe/Berlin"))
UTC = DayCalendar()
NOON_DAY = 20_454
"""2026-01-01, the day of the builders."""


def rows(known: FrameAccount, *outages: Outage, calendar: DayCalendar = UTC) -> list[LossDay]:
    """Return all rows of an account."""
    return LossLedger(calendar, outages).days(DEV, "swu", known, 1)


def changes(before: FrameAccount, after: FrameAccount, calendar: DayCalendar = UTC) -> list[LossDay]:
    """Return the rows that changed between two accounts."""
    return LossLedger(calendar).changed(DEV, "swu", before, after, 1)
