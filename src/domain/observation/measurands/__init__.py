"""The rows of the measurand catalogue, one module for each domain of the city's measurements.

Units are UCUM (https://ucum.org/ucum): ``{…}`` annotates a unit of dimension one. Names of electricity, water, gas and
heat follow the value groups C and D of OBIS (IEC 62056-6-1, EN 13757-1); ``import`` is from grid to customer (+A),
``export`` the other way (-A). The groups B (channel) and E (tariff) are channels, never part of a name.
"""

from domain.observation.measurands.device import DEVICE
from domain.observation.measurands.electricity import ELECTRICITY
from domain.observation.measurands.heat_and_gas import HEAT_AND_GAS
from domain.observation.measurands.lamp import LAMP
from domain.observation.measurands.meter import METER
from domain.observation.measurands.parking import PARKING
from domain.observation.measurands.position_and_motion import POSITION_AND_MOTION
from domain.observation.measurands.radio import RADIO
from domain.observation.measurands.water import WATER

ROWS = (
    *ELECTRICITY,
    *WATER,
    *METER,
    *PARKING,
    *LAMP,
    *POSITION_AND_MOTION,
    *DEVICE,
    *RADIO,
    *HEAT_AND_GAS,
)

__all__ = ["ROWS"]
