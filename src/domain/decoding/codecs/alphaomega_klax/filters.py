"""What a filter of the reader measures: the registry says so (by the filter's number or code), else reader and maker.

Source: as the package. A KLAX is delivered with the filters 1.8.0, 2.8.0, 1.29.0 and 2.29.0; energies of a load
profile (1.29.0) are no registers and have no measurand.
"""

from functools import lru_cache

from msgspec import Struct

from domain.decoding.codec import Context, Payload
from domain.errors import InvalidValue
from domain.observation import MEASURANDS, Kind, NotExact, Quality, Reading, channel, electricity_of, gauge, register

COUNT = 4
_DELIVERED = ("1.8.0", "2.8.0", "1.29.0", "2.29.0")
_UNITS = {
    1: "W.h",
    2: "W",
    3: "V",
    4: "A",
    5: "Hz",
    6: "V.A{reactive}.h",
    7: "V.A{reactive}",
    9: "V.A",
}
"""UCUM by the reader's code; 8 is VAh, which nothing of ours is measured in."""
_NO_UNIT = 0
_MEASURED, _UNIT_UNKNOWN = Quality.MEASURED.value, Quality.UNIT_UNKNOWN.value


_SETTINGS = tuple(f"filter.{filter_id}" for filter_id in range(COUNT))


class Measured(Struct, frozen=True, gc=False):
    """A measurand on a channel."""

    name: str
    channel: str
    thing: tuple[str, str]
    """Both of them."""
    unit: str
    exponent: int
    """Of a register's step."""
    steps: int
    """Of a register in its unit; 0: it is a gauge."""


def setting_of(filter_id: int) -> str:
    """Return the name under which the context keeps the code of a filter."""
    return _SETTINGS[filter_id]


def measured_by(filter_id: int, payload: Payload, context: Context) -> Measured | None:
    """Return what ``filter_id`` measures; None: nothing that has a name here."""
    code = context.settings.get(_SETTINGS[filter_id]) or _DELIVERED[filter_id]
    registers = payload.facts.registers
    if registers:
        declared = registers.get(str(filter_id)) or registers.get(code) or registers.get(f"1-0:{code}")
        if declared is not None:
            return _declared(declared, code)
    return _coded(code)


def quality_of(measured: Measured | None, unit: int) -> str:
    """Return how good a number in ``unit`` is as ``measured``; empty: it cannot be one.

    A number whose unit the meter does not say is kept and flagged.
    """
    if measured is None:
        return ""
    if unit == _NO_UNIT:
        return _UNIT_UNKNOWN
    return _MEASURED if _UNITS.get(unit) == measured.unit else ""


def reading(measured: Measured, raw: int, exponent: int, quality: str) -> Reading | None:
    """Return ``raw`` · 10^``exponent`` as a reading; None: it is no whole number of the register's steps."""
    name, part = measured.name, measured.channel
    if not measured.steps:
        return gauge(name, part, raw * 10.0**exponent if exponent >= 0 else raw / 10.0**-exponent, quality)
    try:
        if exponent:
            return register(name, part, raw, exponent, quality)
        return register(name, part, raw * measured.steps, measured.exponent, quality)
    except NotExact:
        return None


@lru_cache(maxsize=256)
def _declared(text: str, code: str) -> Measured | None:
    """Return what the registry's ``measurand`` or ``measurand/channel`` names; the code may tell the channel."""
    name, slash, part = text.partition("/")
    coded = _coded(code)
    if not slash and coded is not None and coded.name == name:
        return coded
    try:
        return _measured(name, channel(part))
    except InvalidValue:
        return None


@lru_cache(maxsize=256)
def _coded(code: str) -> Measured | None:
    """Return what an OBIS code ``C.D.E`` names."""
    what, how, tariff = (int(group) for group in code.split("."))
    found = electricity_of(what, how)
    if found is None:
        return None
    name, phase = found
    counts = MEASURANDS[name].kind is Kind.REGISTER
    if tariff and not counts:
        return None
    return _measured(name, f"t{tariff}" if tariff else phase)


def _measured(name: str, part: str) -> Measured | None:
    row = MEASURANDS.get(name)
    if row is None or row.kind not in {Kind.REGISTER, Kind.GAUGE}:
        return None
    steps = 10**-row.exponent if row.kind is Kind.REGISTER else 0
    return Measured(name, part, (name, part), row.unit, row.exponent, steps)
