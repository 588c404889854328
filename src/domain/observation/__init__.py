"""Readings, their measurands and units, and when they were true."""

from domain.observation.catalogue import MEASURANDS, gauge, measurand, position, register, state
from domain.observation.channel import channel
from domain.observation.event_time import event_time
from domain.observation.measurand import DataClass, Kind, Measurand, NotExact, exact_register
from domain.observation.values import Observation, Position, Reading, Value

__all__ = [
    "MEASURANDS",
    "DataClass",
    "Kind",
    "Measurand",
    "NotExact",
    "Observation",
    "Position",
    "Reading",
    "Value",
    "channel",
    "event_time",
    "exact_register",
    "gauge",
    "measurand",
    "position",
    "register",
    "state",
]
