"""Metering points, their meters and registers, and what was used there."""

from domain.meter.assignment import (
    OPEN_NS,
    Assignment,
    AssignmentsOverlap,
    DeviceAtMeter,
    MeterAtPoint,
    check_assignment,
)
from domain.meter.assignments import Assignments
from domain.meter.boundary import Boundary, Policy
from domain.meter.calendar import Calendar, Grain, TooManyBuckets
from domain.meter.consumption import Consumption, consumption
from domain.meter.counting import RegisterReading
from domain.meter.exchange_case import IDENTITY, ExchangeCase, ReportedIdentity, exchange_case
from domain.meter.history import History, RegisterName
from domain.meter.identifiers import MeterId, PointId, meter_id, point_id
from domain.meter.medium import Medium, billed_measurand
from domain.meter.metering_point import Meter, MeteringPoint
from domain.meter.read_out import ReadOut, read_out
from domain.meter.read_rate import DayOfMeter, Group, ReadRate, ReadRates
from domain.meter.reasons import MSCONS, Reason, Status
from domain.meter.record_check import MeterRecord, check_meter_record
from domain.meter.register_course import Readings, Source, SpanReadings, courses
from domain.meter.register_definition import PULSES, Ratio, RegisterDefinition, check_definition
from domain.meter.span import Span, meters_of, spans_of

__all__ = [
    "IDENTITY",
    "MSCONS",
    "OPEN_NS",
    "PULSES",
    "Assignment",
    "Assignments",
    "AssignmentsOverlap",
    "Boundary",
    "Calendar",
    "Consumption",
    "DayOfMeter",
    "DeviceAtMeter",
    "ExchangeCase",
    "Grain",
    "Group",
    "History",
    "Medium",
    "Meter",
    "MeterAtPoint",
    "MeterId",
    "MeterRecord",
    "MeteringPoint",
    "PointId",
    "Policy",
    "Ratio",
    "ReadOut",
    "ReadRate",
    "ReadRates",
    "Readings",
    "Reason",
    "RegisterDefinition",
    "RegisterName",
    "RegisterReading",
    "ReportedIdentity",
    "Source",
    "Span",
    "SpanReadings",
    "Status",
    "TooManyBuckets",
    "billed_measurand",
    "check_assignment",
    "check_definition",
    "check_meter_record",
    "consumption",
    "courses",
    "exchange_case",
    "meter_id",
    "meters_of",
    "point_id",
    "read_out",
    "spans_of",
]
