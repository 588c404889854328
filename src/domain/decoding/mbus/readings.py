"""Which measurand a value of a meter is: decided by its value information and the meter's medium.

Source: as the package. A value whose medium nobody names is no register: a cubic metre may be water, gas or heating
water. Only present values are readings; what the meter remembers has times that its frame does not tell as instants.
"""

from math import isfinite
from struct import Struct as Format

from domain.decoding.binary32 import decimal_of
from domain.decoding.mbus.information import Information, Quantity, information
from domain.decoding.mbus.meter import COOLING, ELECTRICITY, GAS, HEAT, WATER, kind_of
from domain.decoding.mbus.record import Record
from domain.observation import NotExact, Reading, gauge, register, state

_F32 = Format(">f")
_JOULES_IN_A_WATT_HOUR = _SECONDS_IN_AN_HOUR = 3_600
_STEP_WH = -4
_OLDEST_S = 400 * 86_400
"""No meter counts in a reading from before that: the record is broken, and when its neighbours were true is unknown."""
_MOST_TARIFFS = 255
"""Value group E of OBIS; a record has room for a million."""
_EXTREMES = {1: "max", 2: "min"}
"""By the function field of the DIF; a value during an error (3) is none."""

_IMPORT, _EXPORT = "electricity.energy.active.import", "electricity.energy.active.export"
_REACTIVE = {
    1: "electricity.energy.reactive.import",
    -1: "electricity.energy.reactive.export",
}

_REGISTERS: dict[tuple[str, Quantity], dict[int, tuple[str, str]]] = {
    (ELECTRICITY, Quantity.ENERGY_WH): {1: (_IMPORT, ""), -1: (_EXPORT, "")},
    (ELECTRICITY, Quantity.ENERGY_J): {1: (_IMPORT, ""), -1: (_EXPORT, "")},
    (ELECTRICITY, Quantity.REACTIVE_ENERGY): {way: (name, "") for way, name in _REACTIVE.items()},
    (HEAT, Quantity.ENERGY_WH): {1: ("heat.energy", ""), -1: ("heat.energy", "cooling")},
    (HEAT, Quantity.ENERGY_J): {1: ("heat.energy", ""), -1: ("heat.energy", "cooling")},
    (COOLING, Quantity.ENERGY_WH): {1: ("heat.energy", "cooling")},
    (COOLING, Quantity.ENERGY_J): {1: ("heat.energy", "cooling")},
    (WATER, Quantity.VOLUME): {1: ("water.volume", ""), -1: ("water.volume.reverse", "")},
    (GAS, Quantity.VOLUME): {1: ("gas.volume", "")},
    (HEAT, Quantity.VOLUME): {1: ("heat.volume", "")},
    (COOLING, Quantity.VOLUME): {1: ("heat.volume", "cooling")},
}
"""Measurand and channel by medium and quantity, then by direction."""
_GAUGES: dict[tuple[str, Quantity], tuple[str, str, float]] = {
    (ELECTRICITY, Quantity.POWER): ("electricity.power.active", "", 1),
    (ELECTRICITY, Quantity.REACTIVE_POWER): ("electricity.power.reactive", "", 1),
    (ELECTRICITY, Quantity.APPARENT_POWER): ("electricity.power.apparent", "", 1),
    (ELECTRICITY, Quantity.VOLTAGE): ("electricity.voltage", "", 1),
    (ELECTRICITY, Quantity.CURRENT): ("electricity.current", "", 1),
    (ELECTRICITY, Quantity.FREQUENCY): ("electricity.frequency", "", 1),
    (WATER, Quantity.FLOW_PER_H): ("water.flow", "", 1),
    (WATER, Quantity.FLOW_PER_MIN): ("water.flow", "", 60),
    (WATER, Quantity.FLOW_PER_S): ("water.flow", "", 3_600),
    (WATER, Quantity.FLOW_TEMPERATURE): ("water.temperature", "", 1),
    (WATER, Quantity.EXTERNAL_TEMPERATURE): ("water.temperature", "", 1),
    (WATER, Quantity.PRESSURE): ("water.pressure", "", 1),
    **{
        (kind, quantity): ("heat.power", channel, factor)
        for kind, channel in ((HEAT, ""), (COOLING, "cooling"))
        for quantity, factor in ((Quantity.POWER, 1), (Quantity.POWER_J_PER_H, 1 / _SECONDS_IN_AN_HOUR))
    },
    **{
        (kind, quantity): ("heat.temperature", pipe, 1)
        for kind in (HEAT, COOLING)
        for quantity, pipe in ((Quantity.FLOW_TEMPERATURE, "flow"), (Quantity.RETURN_TEMPERATURE, "return"))
    },
}
"""Measurand, channel and factor by medium and quantity."""
_IDENTITIES = frozenset((Quantity.SERIAL_NUMBER, Quantity.ENHANCED_IDENTITY))


def meter_readings(
    records: list[Record], medium: int | None, interface: str = "mbus"
) -> tuple[list[Reading], int | None, bool]:
    """Return what ``records`` say, how old they say they are (s), and whether one of them is not understood.

    Of two values for one measurand and channel the first counts. Where the age makes no sense, nothing does.

    Args:
        records: of one answer of the meter.
        medium: code of what the meter measures; None: not known.
        interface: first part of the channels, where the meter is not the device itself.
    """
    readings: dict[tuple[str, str], Reading] = {}
    age_s, unknown, kind = None, False, kind_of(medium)
    for record in records:
        said = information(record.vif)
        if said is not None and said.quantity is Quantity.ACTUALITY_DURATION and record.is_current:
            age_s = _age_s(record, said)
            if age_s is None:
                return [], None, True
            continue
        reading = _reading(record, said, kind, interface)
        known = readings.setdefault((reading.measurand, reading.channel), reading) if reading is not None else None
        unknown |= reading is None or known != reading
    return list(readings.values()), age_s, unknown


def _age_s(record: Record, said: Information) -> int | None:
    """Return the seconds since the meter's values were true; None: no age that can be."""
    if not isinstance(record.value, int):
        return None
    age_s = record.value * said.factor
    return age_s if 0 <= age_s <= _OLDEST_S else None


def _reading(record: Record, said: Information | None, kind: str | None, interface: str) -> Reading | None:
    """Return what a present value is; None: nothing that is known here."""
    if said is None or said.error or not said.is_plain or record.storage or record.subunit:
        return None
    if said.quantity in _IDENTITIES:
        return _identity(record, interface)
    if kind is None or record.tariff > _MOST_TARIFFS or not _is_number(record.value):
        return None
    return _register(record, said, kind, interface) or _gauge(record, said, kind, interface)


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and isfinite(value)


def _identity(record: Record, interface: str) -> Reading | None:
    """Return the meter's number, which it writes in digits or as a text."""
    value = record.value
    if isinstance(value, int) and value >= 0 and record.is_current:
        return state("meter.identity", _channel(interface, record), f"{value:08d}")
    if isinstance(value, bytes) and value.isascii() and value.decode().isprintable() and value.strip():
        return state("meter.identity", _channel(interface, record), value.decode().strip())
    return None


def _register(record: Record, said: Information, kind: str, interface: str) -> Reading | None:
    ways = _REGISTERS.get((kind, said.quantity))
    found = ways.get(said.direction or 1) if ways is not None else None
    number = _integer(record.value)
    if found is None or number is None or record.function:
        return None
    name, part = found
    raw, exponent = number[0], number[1] + said.exponent
    if said.quantity is Quantity.ENERGY_WH and kind != ELECTRICITY:
        raw *= _JOULES_IN_A_WATT_HOUR
    elif said.quantity is Quantity.ENERGY_J and kind == ELECTRICITY:
        whole, rest = divmod(raw * 10 ** max(exponent - _STEP_WH, 0), _JOULES_IN_A_WATT_HOUR)
        if rest or exponent < _STEP_WH:
            return None
        raw, exponent = whole, _STEP_WH
    try:
        return register(name, _channel(interface, record, said.phase, part), raw, exponent)
    except NotExact:
        return None


def _integer(value: object) -> tuple[int, int] | None:
    """Return a number as an integer and a power of ten, without a loss."""
    if isinstance(value, int):
        return value, 0
    return decimal_of(_F32.pack(value)) if isinstance(value, float) else None


def _gauge(record: Record, said: Information, kind: str, interface: str) -> Reading | None:
    found = _GAUGES.get((kind, said.quantity))
    extreme = _EXTREMES.get(record.function, "")
    if found is None or not isinstance(record.value, int | float) or (record.function and not extreme):
        return None
    name, part, factor = found
    value, exponent = record.value, said.exponent
    scaled = value * 10.0**exponent if exponent >= 0 else value / 10.0**-exponent
    sign = said.direction or 1
    return gauge(name, _channel(interface, record, said.phase, part, extreme), sign * scaled * factor)


def _channel(interface: str, record: Record, *parts: str) -> str:
    tariff = f"t{record.tariff}" if record.tariff else ""
    return ".".join(filter(None, (interface, tariff, *parts)))
