"""What heat and gas meters measure, as their M-Bus records say it."""

from domain.observation.measurand import DataClass, counted, sensed

_PERSONAL = DataClass.METER_PERSONAL
_CITY = DataClass.INFRASTRUCTURE

_ENERGY, _VOLUME, _POWER = (("", "6-b:1.0.0"),), (("", "6-b:2.0.0"),), (("", "6-b:8.0.0"),)
_GAS = (("", "7-b:3.0.0"),)
"""The German gas market writes 7-20:3.0.0: converted to the metering point's pressure and temperature."""
_TEMPERATURE = (("flow", "6-b:10.0.0"), ("return", "6-b:11.0.0"))

HEAT_AND_GAS = (
    counted("gas.volume", "L", _PERSONAL, -3, "", _GAS),
    # 1 kWh = 3 600 000 J and 1 MJ = 1 000 000 J are both whole; a megajoule in W.h is not.
    counted("heat.energy", "J", _PERSONAL, 0, "", _ENERGY),
    counted("heat.volume", "L", _PERSONAL, -3, "", _VOLUME),
    sensed("heat.power", "W", _PERSONAL, -1e9, 1e9, "", _POWER),
    # channel flow or return; steam and refrigerant included
    sensed("heat.temperature", "Cel", _CITY, -60, 400, "°C", _TEMPERATURE),
)
