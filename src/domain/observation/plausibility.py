"""Which values cannot be: those outside their measurand's plausible range, and places that are none.

Such a value is kept and flagged, never dropped: the doubt may be in the range. It is no fault of the decoder either,
so the payload stays readable.
"""

from domain.observation.measurand import Kind, Measurand
from domain.observation.measurands import ROWS
from domain.observation.quality import Quality
from domain.observation.values import Position, Reading, Value

_MEASURED = Quality.MEASURED.value
_IMPLAUSIBLE = Quality.IMPLAUSIBLE.value
_DEGREE = 10**7
_POLE, _ANTIMERIDIAN = 90 * _DEGREE, 180 * _DEGREE


def _limits(row: Measurand) -> tuple[float, float]:
    """Return the range of ``row`` in what its readings hold: the unit, or the steps of a register."""
    steps = 10**-row.exponent if row.kind is Kind.REGISTER else 1
    least = float("-inf") if row.least is None else row.least * steps
    return least, float("inf") if row.most is None else row.most * steps


_RANGES = {row.name: _limits(row) for row in ROWS if row.least is not None or row.most is not None}
_NOWHERE = (1.0, 0.0)
_JUDGED = {**_RANGES, "position": _NOWHERE}
"""A position is in no range of numbers, and so is looked at."""


def judged(readings: tuple[Reading, ...]) -> tuple[Reading, ...]:
    """Return ``readings`` with those flagged that cannot be; the very same tuple if all can.

    What is flagged already keeps its flag. A text where a number should be cannot be either.
    """
    try:
        for reading in readings:  # every one of every frame, and so in one loop
            limits = _JUDGED.get(reading.measurand)
            if limits is None:
                continue
            least, most = limits
            if limits is _NOWHERE:
                if not is_place(reading.value):
                    break
            elif not least <= reading.value <= most:  # type: ignore[operator]  # ranges are of numbers
                break
        else:
            return readings
    except TypeError:
        pass  # no number: it is found below
    return tuple([reading if _can_be(reading) else _flagged(reading) for reading in readings])


def is_place(value: Value) -> bool:
    """Say whether ``value`` is a position on earth; 0/0, in the sea off Africa, is what receivers without a fix say."""
    return (
        isinstance(value, Position)
        and -_POLE <= value.latitude <= _POLE
        and -_ANTIMERIDIAN <= value.longitude <= _ANTIMERIDIAN
        and not value.latitude == value.longitude == 0
    )


def _can_be(reading: Reading) -> bool:
    limits = _RANGES.get(reading.measurand)
    if limits is None:
        return reading.measurand != "position" or is_place(reading.value)
    return isinstance(reading.value, int | float) and limits[0] <= reading.value <= limits[1]


def _flagged(reading: Reading) -> Reading:
    if reading.quality != _MEASURED:
        return reading
    return Reading(reading.measurand, reading.channel, reading.value, reading.exponent, _IMPLAUSIBLE)
