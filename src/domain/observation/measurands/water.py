"""What water meters measure; registers count millilitres."""

from domain.observation.measurand import DataClass, Kind, Measurand, counted, sensed

_PERSONAL = DataClass.METER_PERSONAL
_CITY = DataClass.INFRASTRUCTURE

# Medium 8 is cold water; warm water is medium 9, which only the metering point knows.
_VOLUME, _FLOW, _TEMPERATURE = (("", "8-b:1.0.0"),), (("", "8-b:2.0.0"),), (("", "8-b:3.0.0"),)

WATER = (
    counted("water.volume", "L", _PERSONAL, -3, "", _VOLUME),
    counted("water.volume.reverse", "L", _PERSONAL, -3),
    sensed("water.flow", "L/h", _PERSONAL, -1e6, 1e6, "", _FLOW),
    sensed("water.temperature", "Cel", _CITY, -5, 95, "°C", _TEMPERATURE),
    sensed("water.pressure", "bar", _CITY, -1, 40),
    # channel leak, burst, reverse_flow, dry, frost or tamper
    Measurand("water.alarm", "{state}", Kind.STATE, _PERSONAL),
)
