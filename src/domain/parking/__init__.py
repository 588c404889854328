"""Parking: which spots are free, since when, how long cars stay, and how far that is known."""

from domain.parking.closure import Closure, closure_at
from domain.parking.phase import Phase, phases
from domain.parking.record_check import ParkingRecord, check_parking
from domain.parking.spot import ParkingZone, Spot, SpotKind, max_stay_ns, sensor_since_ns
from domain.parking.spot_report import Gap, ReportKind, SpotReport, report_kind
from domain.parking.spot_state import Occupancy, SpotState, spot_state
from domain.parking.stay import Overstay, Stay, overstay, stays
from domain.parking.time_use import TimeUse, time_use
from domain.parking.transitions import Evidence, evidence
from domain.parking.turnover import NO_ARRIVALS, Turnover, turnover
from domain.parking.zone_count import SpotCount, ZoneCount, zone_count

__all__ = [
    "NO_ARRIVALS",
    "Closure",
    "Evidence",
    "Gap",
    "Occupancy",
    "Overstay",
    "ParkingRecord",
    "ParkingZone",
    "Phase",
    "ReportKind",
    "Spot",
    "SpotCount",
    "SpotKind",
    "SpotReport",
    "SpotState",
    "Stay",
    "TimeUse",
    "Turnover",
    "ZoneCount",
    "check_parking",
    "closure_at",
    "evidence",
    "max_stay_ns",
    "overstay",
    "phases",
    "report_kind",
    "sensor_since_ns",
    "spot_state",
    "stays",
    "time_use",
    "turnover",
    "zone_count",
]
