"""Street lighting: whether lamps burn, how long they have burned, what is out of order."""

from domain.lighting.alarm import AlarmKind, LampAlarm, LampHealth, alarms
from domain.lighting.burning_hours import AgainstPlan, BurningHours, Origin, Shortcoming
from domain.lighting.circuit import Cabinet, Circuit
from domain.lighting.fault import Fault, FaultReport, concerns, faults, is_latched
from domain.lighting.intervals import Intervals, clipped, contains, joined, length_ns
from domain.lighting.lamp import Gear, Lamp
from domain.lighting.lamp_state import LampState, Latest, LatestValues, is_of_lamp, lamp_state, register_channel
from domain.lighting.lit_time import LitReport, LitTime, computed_hours, lit_time
from domain.lighting.on_time_register import OLDEST_BOUNDARY_NS, OnTime, registered_hours
from domain.lighting.record_check import LightingRecord, check_lighting
from domain.lighting.silence import is_silent, powered_ns
from domain.lighting.sun import sun_times
from domain.lighting.switching_schedule import SwitchingSchedule, lit_by_plan

__all__ = [
    "OLDEST_BOUNDARY_NS",
    "AgainstPlan",
    "AlarmKind",
    "BurningHours",
    "Cabinet",
    "Circuit",
    "Fault",
    "FaultReport",
    "Gear",
    "Intervals",
    "Lamp",
    "LampAlarm",
    "LampHealth",
    "LampState",
    "Latest",
    "LatestValues",
    "LightingRecord",
    "LitReport",
    "LitTime",
    "OnTime",
    "Origin",
    "Shortcoming",
    "SwitchingSchedule",
    "alarms",
    "check_lighting",
    "clipped",
    "computed_hours",
    "concerns",
    "contains",
    "faults",
    "is_latched",
    "is_of_lamp",
    "is_silent",
    "joined",
    "lamp_state",
    "length_ns",
    "lit_by_plan",
    "lit_time",
    "powered_ns",
    "register_channel",
    "registered_hours",
    "sun_times",
]
