"""Whose business a reading is, once the registry has had its say."""

from domain.observation.catalogue import MEASURANDS
from domain.observation.measurand import DataClass


def data_class_of(measurand: str, said: str = "") -> DataClass:
    """Return the class of a reading of ``measurand``; ``said`` is what the registry says of device, point or spot.

    That raises the class (a tracker on a person) or lowers it (the meter of a street cabinet). What only tells of the
    device itself, such as its battery, stays infrastructure; of an unknown measurand the strictest is assumed.
    """
    row = MEASURANDS.get(measurand)
    default = row.data_class if row is not None else DataClass.METER_PERSONAL
    return default if not said or default is DataClass.INFRASTRUCTURE else DataClass(said)
