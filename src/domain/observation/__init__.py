"""Readings, their measurands and units, and when they were true."""

from domain.observation.catalogue import MEASURANDS, gauge, measurand, position, register, registers, state
from domain.observation.channel import channel
from domain.observation.data_class import data_class_of
from domain.observation.event_time import event_time
from domain.observation.measurand import DataClass, Kind, Measurand, NotExact, exact_register
from domain.observation.obis import ELECTRICITY_BY_CODE, electricity_of, obis
from domain.observation.plausibility import is_place, judged
from domain.observation.quality import Quality
from domain.observation.subject import Subject, part_of, parts_of, subject_of
from domain.observation.values import Observation, Position, Reading, Value

__all__ = [
    "ELECTRICITY_BY_CODE",
    "MEASURANDS",
    "DataClass",
    "Kind",
    "Measurand",
    "NotExact",
    "Observation",
    "Position",
    "Quality",
    "Reading",
    "Subject",
    "Value",
    "channel",
    "data_class_of",
    "electricity_of",
    "event_time",
    "exact_register",
    "gauge",
    "is_place",
    "judged",
    "measurand",
    "obis",
    "part_of",
    "parts_of",
    "position",
    "register",
    "registers",
    "state",
    "subject_of",
]
