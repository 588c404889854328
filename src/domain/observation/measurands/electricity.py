"""What electricity meters and analysers measure.

Registers count 10^-4 W.h: optical heads on SML meters send steps of 10^-1 to 10^-4 Wh.
"""

from domain.observation.measurand import DataClass, Kind, Measurand

_PERSONAL = DataClass.METER_PERSONAL
_CITY = DataClass.INFRASTRUCTURE

ELECTRICITY = (
    Measurand("electricity.energy.active.import", "W.h", Kind.REGISTER, _PERSONAL, -4, "Wh"),
    Measurand("electricity.energy.active.export", "W.h", Kind.REGISTER, _PERSONAL, -4, "Wh"),
    Measurand("electricity.energy.reactive.import", "V.A{reactive}.h", Kind.REGISTER, _PERSONAL, -4, "varh"),
    Measurand("electricity.energy.reactive.export", "V.A{reactive}.h", Kind.REGISTER, _PERSONAL, -4, "varh"),
    Measurand("electricity.charge", "A.h", Kind.REGISTER, _PERSONAL, -4, "Ah"),
    # Power is signed: positive from grid to customer.
    Measurand("electricity.power.active", "W", Kind.GAUGE, _PERSONAL, exact=False),
    Measurand("electricity.power.reactive", "V.A{reactive}", Kind.GAUGE, _PERSONAL, display_unit="var", exact=False),
    Measurand("electricity.power.apparent", "V.A", Kind.GAUGE, _PERSONAL, display_unit="VA", exact=False),
    Measurand("electricity.voltage", "V", Kind.GAUGE, _PERSONAL, exact=False),
    Measurand("electricity.current", "A", Kind.GAUGE, _PERSONAL, exact=False),
    Measurand("electricity.frequency", "Hz", Kind.GAUGE, _CITY, exact=False),
    Measurand("electricity.power_factor", "1", Kind.GAUGE, _PERSONAL, exact=False),
    # ok, under, over or outside; channel voltage, current, power or power_factor
    Measurand("electricity.alarm", "{state}", Kind.STATE, _CITY),
)
