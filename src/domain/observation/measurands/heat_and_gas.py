"""What heat and gas meters measure: names held for codecs to come."""

from domain.observation.measurand import DataClass, Kind, Measurand

_PERSONAL = DataClass.METER_PERSONAL
_CITY = DataClass.INFRASTRUCTURE

HEAT_AND_GAS = (
    Measurand("gas.volume", "L", Kind.REGISTER, _PERSONAL, -3),
    # 1 kWh = 3 600 000 J and 1 MJ = 1 000 000 J are both whole; a megajoule in W.h is not.
    Measurand("heat.energy", "J", Kind.REGISTER, _PERSONAL),
    Measurand("heat.volume", "L", Kind.REGISTER, _PERSONAL, -3),
    Measurand("heat.power", "W", Kind.GAUGE, _PERSONAL, exact=False),
    # channel flow or return
    Measurand("heat.temperature", "Cel", Kind.GAUGE, _CITY, display_unit="°C", exact=False),
)
