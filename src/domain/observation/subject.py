"""What a reading is about: which of the city's services it belongs to.

Each service may have a sink of its own. So the rule is total and parts an observation without rest: every reading has
exactly one subject, told by the observation alone, and all parts together are the observation.
"""

from collections.abc import Iterable
from enum import StrEnum

from msgspec.structs import replace

from domain.observation.values import Observation, Reading


class Subject(StrEnum):
    """A service of the city; of an observation about several the one that stands first is its main subject."""

    ELECTRICITY = "electricity"
    WATER = "water"
    HEAT = "heat"
    GAS = "gas"
    PARKING = "parking"
    LAMPS = "lamps"
    POSITIONS = "positions"
    """Where a device is and how it moves."""
    DEVICES = "devices"
    """What a device says of itself alone."""


_OF_DOMAIN = {
    "electricity": Subject.ELECTRICITY,
    "water": Subject.WATER,
    "heat": Subject.HEAT,
    "gas": Subject.GAS,
    "parking": Subject.PARKING,
    "lamp": Subject.LAMPS,
    "position": Subject.POSITIONS,
    "motion": Subject.POSITIONS,
}
"""By the first word of a measurand (docs/measurands.md). Those of all others go with the observation they are in: the
battery of a water meter, told with its volume, is the water works' business."""
_RANK = {subject: rank for rank, subject in enumerate(Subject)}


def subject_of(observation: Observation) -> Subject:
    """Return the main subject of ``observation``."""
    best = Subject.DEVICES
    for reading in observation.readings:
        own = _own(reading)
        if own is not None and _RANK[own] < _RANK[best]:
            best = own
    return best


def part_of(observation: Observation, subject: Subject) -> Observation | None:
    """Return what ``observation`` says of ``subject``; None: nothing."""
    main = subject_of(observation)
    readings = tuple([reading for reading in observation.readings if (_own(reading) or main) is subject])
    if len(readings) == len(observation.readings):
        return observation if readings else None
    return replace(observation, readings=readings) if readings else None


def parts_of(observations: Iterable[Observation], subject: Subject) -> list[Observation]:
    """Return what ``observations`` say of ``subject``."""
    return [part for each in observations if (part := part_of(each, subject)) is not None]


def _own(reading: Reading) -> Subject | None:
    """Return the subject that a reading's measurand names; None: it goes with its observation."""
    return _OF_DOMAIN.get(reading.measurand.partition(".")[0])
