"""Builders of what a sensor said: times are minutes after noon."""

from domain.parking import Gap, ParkingZone, ReportKind, Spot, SpotKind, SpotReport
from tests.support.builders import DEV, NOON_NS

MINUTE = 60_000_000_000


def at(minutes: float) -> int:
    """Return so many minutes after noon, in ns."""
    return NOON_NS + int(minutes * MINUTE)


def came(minutes: float, kind: ReportKind = ReportKind.CHANGE) -> SpotReport:
    """Return the report of an arrival."""
    return SpotReport(at(minutes), True, kind)


def left(minutes: float, kind: ReportKind = ReportKind.CHANGE) -> SpotReport:
    """Return the report of a departure."""
    return SpotReport(at(minutes), False, kind)


def heartbeat(minutes: float, *, occupied: bool) -> SpotReport:
    """Return a regular report."""
    return SpotReport(at(minutes), occupied, ReportKind.HEARTBEAT)


def startup(minutes: float, *, occupied: bool) -> SpotReport:
    """Return the report of a sensor that begins anew."""
    return SpotReport(at(minutes), occupied, ReportKind.STARTUP)


def told(minutes: float, *, occupied: bool) -> SpotReport:
    """Return a report that does not say why it came."""
    return SpotReport(at(minutes), occupied)


def lost(after: float, before: float, frames: int = 1) -> Gap:
    """Return frames lost between two that were heard."""
    return Gap(at(after), at(before), frames)


def a_spot(
    spot_id: str = "hafen-1",
    kind: SpotKind = SpotKind.PUBLIC,
    *,
    zone: str = "hafen",
    dev_eui: str = DEV,
    max_stay_s: int = 0,
) -> Spot:
    """Return a spot."""
    return Spot(spot_id, 1, 0, zone, kind, dev_eui, max_stay_s=max_stay_s)


def a_zone(**max_stay_s: int) -> ParkingZone:
    """Return a zone with the longest stays of kinds."""
    return ParkingZone("hafen", 1, "Hafen", max_stay_s)
