"""What a record measures: quantity, power of ten, and what refines it.

Source: EN 13757-3 (2018), tables of primary VIF, of the first (0xFB) and second (0xFD) extension, of combinable VIFE
and of their extension (0xFC), and of record errors. Exponents are of the unit that the quantity names.
"""

from enum import StrEnum

from msgspec import Struct


class Quantity(StrEnum):
    """What is measured, and in which unit its exponent counts."""

    ENERGY_WH = "energy, W.h"
    ENERGY_J = "energy, J"
    REACTIVE_ENERGY = "reactive energy, varh"
    VOLUME = "volume, L"
    MASS = "mass, kg"
    ON_TIME = "on time, s"
    OPERATING_TIME = "operating time, s"
    POWER = "power, W"
    POWER_J_PER_H = "power, J/h"
    REACTIVE_POWER = "reactive power, var"
    APPARENT_POWER = "apparent power, VA"
    FLOW_PER_H = "volume flow, L/h"
    FLOW_PER_MIN = "volume flow, L/min"
    FLOW_PER_S = "volume flow, L/s"
    MASS_FLOW = "mass flow, kg/h"
    FLOW_TEMPERATURE = "flow temperature, Cel"
    RETURN_TEMPERATURE = "return temperature, Cel"
    TEMPERATURE_DIFFERENCE = "temperature difference, K"
    EXTERNAL_TEMPERATURE = "external temperature, Cel"
    PRESSURE = "pressure, bar"
    DATE = "date"
    DATE_AND_TIME = "date and time"
    HEAT_COST_UNITS = "units of a heat cost allocator"
    AVERAGING_DURATION = "averaging duration, s"
    ACTUALITY_DURATION = "actuality duration, s"
    SERIAL_NUMBER = "fabrication number"
    ENHANCED_IDENTITY = "enhanced identification"
    BUS_ADDRESS = "bus address"
    VOLTAGE = "voltage, V"
    CURRENT = "current, A"
    FREQUENCY = "frequency, Hz"
    ERROR_FLAGS = "error flags"
    RESET_COUNT = "reset counter"
    BATTERY_DAYS = "remaining battery life, d"


class Information(Struct, frozen=True, gc=False):
    """The value information of a record, taken apart."""

    quantity: Quantity
    exponent: int = 0
    """Power of ten of the quantity's unit."""
    factor: int = 1
    """Seconds in a unit of a duration."""
    direction: int = 0
    """1: only what flows forward (to the customer) is counted; -1: only what flows backward."""
    phase: str = ""
    """``l1``, ``l2``, ``l3`` or ``n``."""
    error: int = 0
    """Code of a record error; 0: none."""
    is_plain: bool = True
    """Nothing else refines it: no limit, no rate, no correction that is not in the exponent."""


Entry = tuple[Quantity, int, int]
"""Quantity, exponent, factor."""
_UNITS_OF_TIME = (1, 60, 3_600, 86_400)


def _powers(first: int, count: int, quantity: Quantity, exponent: int) -> dict[int, Entry]:
    """Return ``count`` codes from ``first``, the first of them for 10^``exponent``."""
    return {first + n: (quantity, exponent + n, 1) for n in range(count)}


def _times(first: int, quantity: Quantity) -> dict[int, Entry]:
    """Return four codes from ``first``: seconds, minutes, hours, days."""
    return {first + n: (quantity, 0, seconds) for n, seconds in enumerate(_UNITS_OF_TIME)}


_PRIMARY: dict[int, Entry] = {
    **_powers(0x00, 8, Quantity.ENERGY_WH, -3),
    **_powers(0x08, 8, Quantity.ENERGY_J, 0),
    **_powers(0x10, 8, Quantity.VOLUME, -3),
    **_powers(0x18, 8, Quantity.MASS, -3),
    **_times(0x20, Quantity.ON_TIME),
    **_times(0x24, Quantity.OPERATING_TIME),
    **_powers(0x28, 8, Quantity.POWER, -3),
    **_powers(0x30, 8, Quantity.POWER_J_PER_H, 0),
    **_powers(0x38, 8, Quantity.FLOW_PER_H, -3),
    **_powers(0x40, 8, Quantity.FLOW_PER_MIN, -4),
    **_powers(0x48, 8, Quantity.FLOW_PER_S, -6),
    **_powers(0x50, 8, Quantity.MASS_FLOW, -3),
    **_powers(0x58, 4, Quantity.FLOW_TEMPERATURE, -3),
    **_powers(0x5C, 4, Quantity.RETURN_TEMPERATURE, -3),
    **_powers(0x60, 4, Quantity.TEMPERATURE_DIFFERENCE, -3),
    **_powers(0x64, 4, Quantity.EXTERNAL_TEMPERATURE, -3),
    **_powers(0x68, 4, Quantity.PRESSURE, -3),
    **_powers(0x6C, 1, Quantity.DATE, 0),
    **_powers(0x6D, 1, Quantity.DATE_AND_TIME, 0),
    **_powers(0x6E, 1, Quantity.HEAT_COST_UNITS, 0),
    **_times(0x70, Quantity.AVERAGING_DURATION),
    **_times(0x74, Quantity.ACTUALITY_DURATION),
    **_powers(0x78, 1, Quantity.SERIAL_NUMBER, 0),
    **_powers(0x79, 1, Quantity.ENHANCED_IDENTITY, 0),
    **_powers(0x7A, 1, Quantity.BUS_ADDRESS, 0),
}
_FIRST: dict[int, Entry] = {
    **_powers(0x00, 2, Quantity.ENERGY_WH, 5),  # 0.1 and 1 MWh
    **_powers(0x02, 2, Quantity.REACTIVE_ENERGY, 3),
    **_powers(0x08, 2, Quantity.ENERGY_J, 8),  # 0.1 and 1 GJ
    **_powers(0x10, 2, Quantity.VOLUME, 5),  # 100 and 1000 m3
    **_powers(0x14, 4, Quantity.REACTIVE_POWER, 0),
    **_powers(0x18, 2, Quantity.MASS, 5),
    **_powers(0x28, 2, Quantity.POWER, 5),
    **_powers(0x2C, 4, Quantity.FREQUENCY, -3),
    **_powers(0x30, 2, Quantity.POWER_J_PER_H, 8),
    **_powers(0x34, 4, Quantity.APPARENT_POWER, 0),
}
_SECOND: dict[int, Entry] = {
    **_powers(0x17, 1, Quantity.ERROR_FLAGS, 0),
    **_powers(0x40, 16, Quantity.VOLTAGE, -9),
    **_powers(0x50, 16, Quantity.CURRENT, -12),
    **_powers(0x60, 1, Quantity.RESET_COUNT, 0),
    **_powers(0x74, 1, Quantity.BATTERY_DAYS, 0),
}
_TABLES = {0x7B: _FIRST, 0x7D: _SECOND}
_PLAIN = {code: Information(*entry) for code, entry in _PRIMARY.items()}

_LAST_ERROR = 0x1F
_FORWARD, _BACKWARD = 0x3B, 0x3C
_CORRECTION, _STEPS, _THOUSAND = 0x70, 0x07, 0x7D
_EXTENSION_OF_VIFE, _MANUFACTURER_SPECIFIC = 0x7C, 0x7F
_PHASES = {1: "l1", 2: "l2", 3: "l3", 4: "n"}


def information(vif: tuple[int, ...]) -> Information | None:
    """Return what value information means; None: it is of no quantity that is known here."""
    if len(vif) == 1:
        return _PLAIN.get(vif[0])
    table, rest = _TABLES.get(vif[0]), vif[1:]
    entry = table.get(rest[0]) if table is not None else _PRIMARY.get(vif[0])
    return None if entry is None else _refined(entry, rest[1:] if table is not None else rest)


def _refined(entry: Entry, extensions: tuple[int, ...]) -> Information:
    quantity, exponent, factor = entry
    direction, phase, error, is_plain = 0, "", 0, True
    codes = iter(extensions)
    for code in codes:
        if code in {_FORWARD, _BACKWARD}:
            direction = 1 if code == _FORWARD else -1
        elif code & ~_STEPS == _CORRECTION:
            exponent += (code & _STEPS) - 6
        elif code == _THOUSAND:
            exponent += 3
        elif code == _EXTENSION_OF_VIFE:
            phase = _PHASES.get(next(codes, 0), "")
            is_plain = is_plain and bool(phase)
        elif code <= _LAST_ERROR:
            error = code
        else:
            is_plain = False
            if code == _MANUFACTURER_SPECIFIC:
                break  # what follows is the maker's own
    return Information(quantity, exponent, factor, direction, phase, error, is_plain)
