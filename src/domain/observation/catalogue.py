"""The measurand catalogue: the one place where a name gets its unit, kind, exactness and data class.

Codecs make their readings with ``register``, ``gauge`` and ``state``, so that no reading is without a row here.
"""

from collections.abc import Callable

from domain.errors import InvalidValue
from domain.observation.measurand import Measurand, exact_register
from domain.observation.measurands import ROWS
from domain.observation.values import Position, Reading

_SHORT = 2**62
_LEAST = -_SHORT
"""Between these a register needs no check of its size."""
_FACTORS: dict[int, int] = {shift: 10**shift for shift in range(7)}
"""Nearly every meter counts in our steps, or in tens of them: nothing is left over."""

MEASURANDS: dict[str, Measurand] = {row.name: row for row in ROWS}


def measurand(name: str) -> Measurand:
    """Return the row of the catalogue called ``name``.

    Raises:
        InvalidValue: there is none.
    """
    row = MEASURANDS.get(name)
    if row is None:
        raise InvalidValue(f"{name!r} is no measurand of the catalogue", field="measurand", value=name)
    return row


def register(name: str, channel: str, raw: int, exponent: int = 0, quality: str = "measured") -> Reading:
    """Return ``raw`` · 10^``exponent`` (in the measurand's unit) as an exact register reading.

    Raises:
        NotExact: it is no whole multiple of the measurand's step, or too great for a store.
    """
    row = MEASURANDS[name]
    step = row.exponent
    factor = _FACTORS.get(exponent - step)
    if factor is not None and _LEAST < (value := raw * factor) < _SHORT:
        return Reading(name, channel, value, step, quality)
    return Reading(name, channel, exact_register(row, raw, exponent), step, quality)


def registers(name: str, channel: str, exponent: int) -> Callable[[int], Reading]:
    """Return what ``register`` makes of any raw value, as a function: its row is looked up here, once.

    The function raises NotExact as ``register`` does.
    """
    row = MEASURANDS[name]
    step = row.exponent
    factor = _FACTORS.get(exponent - step)
    if factor is None:
        return lambda raw: Reading(name, channel, exact_register(row, raw, exponent), step)

    def made(raw: int) -> Reading:
        value = raw * factor
        if _LEAST < value < _SHORT:
            return Reading(name, channel, value, step, "measured")
        return Reading(name, channel, exact_register(row, raw, exponent), step)

    return made


def gauge(name: str, channel: str, value: float, quality: str = "measured") -> Reading:
    """Return a gauge reading in the measurand's unit."""
    return Reading(name, channel, float(value), 0, quality)


def state(
    name: str,
    channel: str,
    value: bool | int | str,  # noqa: FBT001  a state's value, no switch
    quality: str = "measured",
) -> Reading:
    """Return a state or event reading."""
    return Reading(name, channel, value, 0, quality)


def position(channel: str, place: Position, quality: str = "measured") -> Reading:
    """Return where a device is."""
    return Reading("position", channel, place, 0, quality)
