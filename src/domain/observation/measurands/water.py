"""What water meters measure; registers count millilitres."""

from domain.observation.measurand import DataClass, Kind, Measurand

_PERSONAL = DataClass.METER_PERSONAL
_CITY = DataClass.INFRASTRUCTURE

WATER = (
    Measurand("water.volume", "L", Kind.REGISTER, _PERSONAL, -3),
    Measurand("water.volume.reverse", "L", Kind.REGISTER, _PERSONAL, -3),
    Measurand("water.flow", "L/h", Kind.GAUGE, _PERSONAL, exact=False),
    Measurand("water.temperature", "Cel", Kind.GAUGE, _CITY, display_unit="°C", exact=False),
    Measurand("water.pressure", "bar", Kind.GAUGE, _CITY, exact=False),
    # channel leak, burst, reverse_flow, dry, frost or tamper
    Measurand("water.alarm", "{state}", Kind.STATE, _PERSONAL),
)
