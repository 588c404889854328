"""What can be measured: a name, a unit, a kind, and how exact it is."""

from enum import StrEnum

from msgspec import Struct

from domain.errors import InvalidValue


class Kind(StrEnum):
    """How values of a measurand behave in time."""

    REGISTER = "register"
    """Counts up; an exact integer times a fixed power of ten."""
    GAUGE = "gauge"
    STATE = "state"
    COMPOSITE = "composite"
    EVENT = "event"


class DataClass(StrEnum):
    """Whose business a value is; decides access and retention."""

    METER_PERSONAL = "meter_personal"
    OCCUPANCY = "occupancy"
    LOCATION = "location"
    INFRASTRUCTURE = "infrastructure"


class Measurand(Struct, frozen=True):
    """One row of the catalogue."""

    name: str
    """``domain.quantity[.qualifier]``, lower case."""
    unit: str
    """UCUM, case sensitive."""
    kind: Kind
    data_class: DataClass
    exponent: int = 0
    """Registers and positions: the power of ten of the unit that their integers count."""
    display_unit: str = ""
    """What people write where UCUM reads strangely (``Wh`` for ``W.h``); empty: the same."""
    exact: bool = True
    """False: values are floats, as good as the sensor; they are never summed up to a bill."""
    least: float | None = None
    """The smallest value that can be, in the unit; None: whatever is written."""
    most: float | None = None
    """The greatest value that can be, in the unit."""
    obis: tuple[tuple[str, str], ...] = ()
    """OBIS codes by phase or pipe (empty: the meter as a whole); ``b`` and ``e`` stand for circuit and tariff."""


def sensed(
    name: str,
    unit: str,
    data_class: DataClass,
    least: float,
    most: float,
    display_unit: str = "",
    obis: tuple[tuple[str, str], ...] = (),
) -> Measurand:
    """Return the row of a gauge that is a float, with its plausible range."""
    return Measurand(
        name, unit, Kind.GAUGE, data_class, 0, display_unit, exact=False, least=least, most=most, obis=obis
    )


def counted(
    name: str,
    unit: str,
    data_class: DataClass,
    exponent: int = 0,
    display_unit: str = "",
    obis: tuple[tuple[str, str], ...] = (),
) -> Measurand:
    """Return the row of a register, which never falls below zero."""
    return Measurand(name, unit, Kind.REGISTER, data_class, exponent, display_unit, least=0, obis=obis)


class NotExact(InvalidValue):
    """A raw value does not fit its measurand's step or 64 bits: it is no register and is never rounded."""

    reason = "REGISTER_NOT_EXACT"


_LIMIT = 2**63
"""Stores and the API keep a register's integer in 64 bits."""


def exact_register(row: Measurand, raw: int, exponent: int) -> int:
    """Return ``raw`` · 10^``exponent`` of the measurand's unit in its own step.

    Raises:
        NotExact: it does not divide, or the result has more than 64 bits.
    """
    shift = exponent - row.exponent
    value, rest = raw, 0
    if shift > 0:
        value = raw * 10**shift
    elif shift < 0:
        value, rest = divmod(raw, 10**-shift)
    if rest or not -_LIMIT <= value < _LIMIT:
        message = f"{raw}e{exponent} {row.unit} is no whole multiple of 1e{row.exponent} in 64 bits ({row.name})"
        raise NotExact(message, field=row.name, value=f"{raw}e{exponent}")
    return value
