"""What a number of a meter is: told by its OBIS code, its scaler and its unit, and the same in every frame.

Sources: the codes from IEC 62056-6-1 (OBIS, electricity: value groups C and D), units from IEC 62056-6-2 (table of
units). What a code means is found once and remembered: meters say the same few codes all their lives.

A register that does not fit its measurand's step is never rounded but refused. A number of a register whose unit the
meter does not say is kept as if it were in the measurand's, flagged; where the meter also sends the register with its
unit, that one alone counts.
"""

from collections.abc import Callable
from functools import lru_cache
from typing import TypeGuard

from msgspec import Struct

from domain.decoding.codecs.imst_ioke868.readings import Readings
from domain.observation import (
    ELECTRICITY_BY_CODE,
    MEASURANDS,
    Kind,
    NotExact,
    Quality,
    Reading,
    gauge,
    register,
    registers,
)

_ELECTRICITY = frozenset((1, None))
"""Value group A; a reader of electricity meters may leave it out."""
_CURRENT = frozenset((255, None))
"""Value group F: not a remembered billing period."""

WATT, VOLT_AMPERE, VAR, WATT_HOUR, VAR_HOUR, AMPERE, VOLT, HERTZ = 27, 28, 29, 30, 32, 33, 35, 44
_NO_UNITS = frozenset((0, 253, 254, 255))
_COUNT = 255
"""Unit of a number of dimension one."""
_UNITS = {
    "W": WATT,
    "V.A": VOLT_AMPERE,
    "V.A{reactive}": VAR,
    "W.h": WATT_HOUR,
    "V.A{reactive}.h": VAR_HOUR,
    "A": AMPERE,
    "V": VOLT,
    "Hz": HERTZ,
    "1": _COUNT,
}
"""The meter's code by our unit."""

Obis = tuple[int | None, ...]
"""Value groups A to F; None: not sent."""
Key = tuple[int | None, int | None]
"""Value groups C (what is measured) and D (how it is made)."""

_ONE_WAY: dict[Key, tuple[str, str, int, int]] = {
    (1, 7): ("electricity.power.active", "", WATT, 1),
    (2, 7): ("electricity.power.active", "", WATT, -1),
    (21, 7): ("electricity.power.active", "l1", WATT, 1),
    (22, 7): ("electricity.power.active", "l1", WATT, -1),
    (41, 7): ("electricity.power.active", "l2", WATT, 1),
    (42, 7): ("electricity.power.active", "l2", WATT, -1),
    (61, 7): ("electricity.power.active", "l3", WATT, 1),
    (62, 7): ("electricity.power.active", "l3", WATT, -1),
    (3, 7): ("electricity.power.reactive", "", VAR, 1),
    (4, 7): ("electricity.power.reactive", "", VAR, -1),
}
_REGISTERS: dict[Key, tuple[str, int]] = {
    key: (name, _UNITS[MEASURANDS[name].unit])
    for key, (name, _) in ELECTRICITY_BY_CODE.items()
    if MEASURANDS[name].kind is Kind.REGISTER
}
"""Measurand and unit."""
_GAUGES: dict[Key, tuple[str, str, int]] = {
    key: (name, phase, _UNITS[MEASURANDS[name].unit])
    for key, (name, phase) in ELECTRICITY_BY_CODE.items()
    if MEASURANDS[name].kind is Kind.GAUGE and key not in _ONE_WAY
}
"""Measurand, phase and unit."""


class _Register(Struct, frozen=True, gc=False):
    """Counts up."""

    name: str
    channel: str
    exponent: int

    @property
    def read(self) -> Callable[[int], Reading]:
        """What makes a reading of a raw number; it raises NotExact where one does not fit."""
        return registers(self.name, self.channel, self.exponent)

    def add(self, readings: Readings, raw: int) -> str:
        """Add ``raw`` to ``readings``; return why not, or an empty text."""
        try:
            readings.add(register(self.name, self.channel, raw, self.exponent))
        except NotExact:
            return "register_not_exact"
        return ""


class _WithoutUnit(_Register, frozen=True, gc=False):
    """Counts up, in a unit that the meter does not say."""

    def add(self, readings: Readings, raw: int) -> str:
        """Add ``raw`` in case that nothing better comes; that is noted too."""
        try:
            reading = register(self.name, self.channel, raw, self.exponent, Quality.UNIT_UNKNOWN.value)
        except NotExact:
            return "register_not_exact"
        readings.add_without_unit(reading)
        return "unit_unknown"


class _Gauge(Struct, frozen=True, gc=False):
    """Goes up and down."""

    name: str
    channel: str
    exponent: int

    def read(self, raw: int) -> Reading:
        """Return the number ``raw`` as a reading."""
        return gauge(self.name, self.channel, _scaled(raw, self.exponent))

    def add(self, readings: Readings, raw: int) -> str:
        """Add ``raw``."""
        readings.add(gauge(self.name, self.channel, _scaled(raw, self.exponent)))
        return ""


class _OneWay(_Gauge, frozen=True, gc=False):
    """A power of which the meter gives each direction apart."""

    sign: int

    def add(self, readings: Readings, raw: int) -> str:
        """Add ``raw`` to what goes the other way."""
        readings.add_one_way(self.name, self.channel, self.sign * _scaled(raw, self.exponent))
        return ""


class _Refused(Struct, frozen=True, gc=False):
    """Nothing that we know."""

    why: str

    def add(self, readings: Readings, raw: int) -> str:
        """Say why ``raw`` is not added."""
        del readings, raw
        return self.why


Number = _Register | _Gauge | _Refused


@lru_cache(maxsize=4_096)  # a meter sends some ten codes; nobody can fill the memory with invented ones
def number(obis: Obis, exponent: int, unit: int) -> Number:
    """Return what a number times 10^``exponent`` of ``unit`` is whose code is ``obis``."""
    medium, group_b, what, how, tariff, period = obis
    if medium not in _ELECTRICITY or period not in _CURRENT:
        return _Refused("value_unknown")
    channel, key = f"ch{group_b}" if group_b else "", (what, how)
    if key in _REGISTERS:
        name, expected = _REGISTERS[key]
        return _register(name, _dotted(channel, f"t{tariff}" if tariff else ""), exponent, unit, expected)
    if tariff or not (key in _GAUGES or key in _ONE_WAY):
        return _Refused("value_unknown")
    name, phase, expected, *sign = _GAUGES.get(key) or _ONE_WAY[key]
    if unit != expected:
        return _Refused("unit_unknown" if unit in _NO_UNITS else "unit_unexpected")
    channel = _dotted(channel, phase)
    return _OneWay(name, channel, exponent, *sign) if sign else _Gauge(name, channel, exponent)


def stands_alone(number: Number) -> TypeGuard[_Register | _Gauge]:
    """Say whether ``number`` is a reading of its own, whatever else the payload says."""
    return type(number) in {_Register, _Gauge}


def is_register(obis: Obis) -> bool:
    """Say whether ``obis`` is the code of a register."""
    return obis[2:4] in _REGISTERS


def _register(name: str, channel: str, exponent: int, unit: int, expected: int) -> Number:
    if unit == expected:
        return _Register(name, channel, exponent)
    return _WithoutUnit(name, channel, exponent) if unit in _NO_UNITS else _Refused("unit_unexpected")


def _scaled(raw: int, exponent: int) -> float:
    """Return ``raw`` · 10^``exponent``, rounded once."""
    return raw / 10**-exponent if exponent < 0 else float(raw * 10**exponent)


def _dotted(first: str, second: str) -> str:
    return f"{first}.{second}" if first and second else first or second
