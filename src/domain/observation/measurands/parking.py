"""What parking sensors say of their spot."""

from domain.observation.measurand import DataClass, Kind, Measurand

_OCCUPANCY = DataClass.OCCUPANCY

_LONGEST_STAY_S = 2.7e6
"""A month: what stands longer is no parked car but a sensor that hears nothing."""

PARKING = (
    Measurand("parking.occupied", "{state}", Kind.STATE, _OCCUPANCY),
    Measurand("parking.previous_state_duration", "s", Kind.GAUGE, _OCCUPANCY, least=0, most=_LONGEST_STAY_S),
)
