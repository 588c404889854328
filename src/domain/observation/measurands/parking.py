"""What parking sensors say of their spot."""

from domain.observation.measurand import DataClass, Kind, Measurand

_OCCUPANCY = DataClass.OCCUPANCY

PARKING = (
    Measurand("parking.occupied", "{state}", Kind.STATE, _OCCUPANCY),
    Measurand("parking.previous_state_duration", "s", Kind.GAUGE, _OCCUPANCY),
)
