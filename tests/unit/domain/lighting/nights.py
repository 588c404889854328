"""Builders of what controllers said: times are hours after noon."""

from domain.lighting import FaultReport, Gear, LitReport, OnTime
from tests.support.builders import NOON_NS

HOUR = 3_600_000_000_000
LAMP = "karlstrasse-12"


def at(hours: float) -> int:
    """Return so many hours after noon, in ns."""
    return NOON_NS + int(hours * HOUR)


def on_time(hours: float, burned_h: float) -> OnTime:
    """Return what the gear's register showed."""
    return OnTime(at(hours), int(burned_h * 3_600))


def a_gear(from_h: float, *, start_h: float = 0, end_h: float | None = None, serial: str = "") -> Gear:
    """Return a gear built in some hours after noon."""
    return Gear(LAMP, 1, at(from_h), serial, int(start_h * 3_600), None if end_h is None else int(end_h * 3_600))


def lit(hours: float) -> LitReport:
    """Return the report of a lamp that burns."""
    return LitReport(at(hours), True)


def dark(hours: float) -> LitReport:
    """Return the report of a lamp that does not."""
    return LitReport(at(hours), False)


def faulty(hours: float, channel: str = "lamp.dali3") -> FaultReport:
    """Return the report of a fault."""
    return FaultReport(at(hours), channel, True)


def sound(hours: float, channel: str = "lamp.dali3") -> FaultReport:
    """Return the report of no fault."""
    return FaultReport(at(hours), channel, False)
