"""Which measurand a value of a wired meter is: decided by its value information and the meter's medium.

Sources: EN 13757-3, table of primary value information (VIF); EN 13757-7, table of device types. A value whose medium
the frame does not name is no register: a cubic metre may be water, gas or heating water.
"""

from math import isfinite

from domain.decoding.mbus import Record
from domain.observation import NotExact, Reading, gauge, register, state

_WATER, _GAS, _HEAT, _ELECTRICITY = "water", "gas", "heat", "electricity"
_KINDS = {
    **dict.fromkeys((0x06, 0x07, 0x15, 0x16, 0x17), _WATER),
    0x03: _GAS,
    **dict.fromkeys((0x04, 0x0C), _HEAT),
    0x02: _ELECTRICITY,
}
_REGISTERS = {
    (_ELECTRICITY, 0x00): ("electricity.energy.active.import", -3),  # 10^(n-3) W.h
    (_HEAT, 0x08): ("heat.energy", 0),  # 10^n J
    (_WATER, 0x10): ("water.volume", -3),  # 10^(n-6) m3
    (_GAS, 0x10): ("gas.volume", -3),
    (_HEAT, 0x10): ("heat.volume", -3),
}
"""By medium and VIF without its three lowest bits: measurand and power of ten of its unit at n = 0."""
_FLOWS = {
    (_ELECTRICITY, 0x28): ("electricity.power.active", -3),  # 10^(n-3) W
    (_HEAT, 0x28): ("heat.power", -3),
    (_WATER, 0x38): ("water.flow", -3),  # 10^(n-6) m3/h
}
_TEMPERATURES = {
    (_HEAT, 0x58): ("heat.temperature", "flow"),
    (_HEAT, 0x5C): ("heat.temperature", "return"),
    (_WATER, 0x58): ("water.temperature", ""),
    (_WATER, 0x64): ("water.temperature", ""),
}
"""By medium and VIF without its two lowest bits: 10^(n-3) degrees Celsius."""
_WATT_HOURS, _JOULES_IN_A_WATT_HOUR = 0x00, 3_600
_ACTUALITY, _SECONDS_OF_ITS_UNITS = 0x74, (1, 60, 3_600, 86_400)
_SERIAL_NUMBER = 0x78
_FOUR_STEPS, _EIGHT_STEPS = 0x03, 0x07
_OLDEST_S = 400 * 86_400
"""No meter counts in a reading from before that: the record is broken, and when its neighbours were true is unknown."""
_MOST_TARIFFS = 255
"""Value group E of OBIS; a record has room for a million."""


def meter_readings(records: list[Record], medium: int | None) -> tuple[list[Reading], int | None, bool]:
    """Return what ``records`` say, how old they say they are (s), and whether one of them is not understood.

    Of two values for one measurand and channel the first counts. Where the age makes no sense, nothing does.
    """
    readings: dict[tuple[str, str], Reading] = {}
    age_s, unknown = None, False
    for record in records:
        if record.is_current and record.vif[0] & ~_FOUR_STEPS == _ACTUALITY:
            age_s = _age_s(record)
            if age_s is None:
                return [], None, True
            continue
        reading = _current(record, _KINDS.get(medium or 0))
        known = readings.setdefault((reading.measurand, reading.channel), reading) if reading is not None else None
        unknown |= reading is None or known != reading
    return list(readings.values()), age_s, unknown


def _age_s(record: Record) -> int | None:
    """Return the seconds since the meter's values were true; None: no age that can be."""
    age = record.value
    if not isinstance(age, int):
        return None
    age_s = age * _SECONDS_OF_ITS_UNITS[record.vif[0] & _FOUR_STEPS]
    return age_s if 0 <= age_s <= _OLDEST_S else None


def _current(record: Record, kind: str | None) -> Reading | None:
    value = record.value
    if not record.is_current or record.tariff > _MOST_TARIFFS:
        return None
    if not isinstance(value, int | float) or not isfinite(value):
        return None
    if record.vif[0] == _SERIAL_NUMBER:
        is_number = isinstance(value, int) and value >= 0
        return state("meter.identity", _channel("", record), f"{value:08d}") if is_number else None
    return _reading(record.vif[0], value, record, kind)


def _reading(vif: int, value: float, record: Record, kind: str | None) -> Reading | None:
    if kind is None:
        return None
    if isinstance(value, int):
        found = _register(vif, value, record, kind)
        if found is not None:
            return found
    temperature = _TEMPERATURES.get((kind, vif & ~_FOUR_STEPS))
    if temperature is not None:
        name, channel = temperature
        return gauge(name, _channel(channel, record), _scaled(value, (vif & _FOUR_STEPS) - 3))
    flow = _FLOWS.get((kind, vif & ~_EIGHT_STEPS))
    if flow is not None:
        name, exponent = flow
        return gauge(name, _channel("", record), _scaled(value, (vif & _EIGHT_STEPS) + exponent))
    return None


def _register(vif: int, value: int, record: Record, kind: str) -> Reading | None:
    step, family = vif & _EIGHT_STEPS, vif & ~_EIGHT_STEPS
    if kind == _HEAT and family == _WATT_HOURS:
        name, exponent, value = "heat.energy", -3, value * _JOULES_IN_A_WATT_HOUR
    else:
        known = _REGISTERS.get((kind, family))
        if known is None:
            return None
        name, exponent = known
    try:
        return register(name, _channel("", record), value, step + exponent)
    except NotExact:
        return None


def _scaled(value: float, exponent: int) -> float:
    """Return value · 10^exponent, rounded once."""
    return value * 10.0**exponent if exponent >= 0 else value / 10.0**-exponent


def _channel(qualifier: str, record: Record) -> str:
    tariff = f"t{record.tariff}" if record.tariff else ""
    return ".".join(filter(None, ("mbus", tariff, qualifier)))
