"""What electricity meters and analysers measure.

Registers count 10^-4 W.h: optical heads on SML meters send steps of 10^-1 to 10^-4 Wh.
"""

from domain.observation.measurand import DataClass, Kind, Measurand, counted, sensed

_PERSONAL = DataClass.METER_PERSONAL
_CITY = DataClass.INFRASTRUCTURE

_WH, _VAR, _VARH = "W.h", "V.A{reactive}", "V.A{reactive}.h"
_MOST_POWER = 1e7
"""Ten megawatts: the connection of a quarter, far beyond that of a house."""

_A_PLUS, _A_MINUS = (("", "1-b:1.8.e"),), (("", "1-b:2.8.e"),)
_R_PLUS, _R_MINUS = (("", "1-b:3.8.e"),), (("", "1-b:4.8.e"),)
# A device that tells only one direction writes 1-b:1.7.0, or 2.7.0, which is read negated; likewise 3.7.0 and 4.7.0.
_POWER = (("", "1-b:16.7.0"), ("l1", "1-b:36.7.0"), ("l2", "1-b:56.7.0"), ("l3", "1-b:76.7.0"))
_REACTIVE, _APPARENT, _FREQUENCY = (("", "1-b:3.7.0"),), (("", "1-b:9.7.0"),), (("", "1-b:14.7.0"),)
_VOLTAGE = (("l1", "1-b:32.7.0"), ("l2", "1-b:52.7.0"), ("l3", "1-b:72.7.0"))
_CURRENT = (("l1", "1-b:31.7.0"), ("l2", "1-b:51.7.0"), ("l3", "1-b:71.7.0"), ("n", "1-b:91.7.0"))
_FACTOR = (("", "1-b:13.7.0"), ("l1", "1-b:33.7.0"), ("l2", "1-b:53.7.0"), ("l3", "1-b:73.7.0"))

ELECTRICITY = (
    counted("electricity.energy.active.import", _WH, _PERSONAL, -4, "Wh", _A_PLUS),
    counted("electricity.energy.active.export", _WH, _PERSONAL, -4, "Wh", _A_MINUS),
    counted("electricity.energy.reactive.import", _VARH, _PERSONAL, -4, "varh", _R_PLUS),
    counted("electricity.energy.reactive.export", _VARH, _PERSONAL, -4, "varh", _R_MINUS),
    counted("electricity.charge", "A.h", _PERSONAL, -4, "Ah"),
    # Power is signed: positive from grid to customer.
    sensed("electricity.power.active", "W", _PERSONAL, -_MOST_POWER, _MOST_POWER, "", _POWER),
    sensed("electricity.power.reactive", _VAR, _PERSONAL, -_MOST_POWER, _MOST_POWER, "var", _REACTIVE),
    sensed("electricity.power.apparent", "V.A", _PERSONAL, 0, _MOST_POWER, "VA", _APPARENT),
    sensed("electricity.voltage", "V", _PERSONAL, 0, 1_000, "", _VOLTAGE),
    sensed("electricity.current", "A", _PERSONAL, 0, 10_000, "", _CURRENT),
    sensed("electricity.frequency", "Hz", _CITY, 45, 65, "", _FREQUENCY),
    sensed("electricity.power_factor", "1", _PERSONAL, -1, 1, "", _FACTOR),
    # ok, under, over or outside; channel voltage, current, power or power_factor, with circuit and phase
    Measurand("electricity.alarm", "{state}", Kind.STATE, _CITY),
)
