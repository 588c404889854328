"""Readings, their measurands and units, and when they were true."""

from domain.observation.catalogue import MEASURANDS, gauge, measurand, register, state
from domain.observation.event_time import event_time
from domain.observation.measurand import Kind, Measurand, NotExact, exact_register
from domain.observation.values import Observation, Position, Reading, Value

__all__ = [
    "MEASURANDS",
    "Kind",
    "Measurand",
    "NotExact",
    "Observation",
    "Position",
    "Reading",
    "Value",
    "event_time",
    "exact_register",
    "gauge",
    "measurand",
    "register",
    "state",
]
