"""How old the meters' values are: a code of one byte that grows coarser with age.

Source: as the package. An age is cut to its step, so that a value may be older by up to one.
"""

from msgspec import Struct

from domain.observation import Reading, gauge
from domain.rfc3339 import NS_PER_S

_MINUTE, _QUARTER, _DAY, _WEEK, _YEAR = 60, 15 * 60, 86_400, 7 * 86_400, 365 * 86_400
_STEPS = (
    *((code, _MINUTE) for code in range(60)),
    *((code, _QUARTER) for code in range(96)),
    *((code, _DAY) for code in range(44)),
    *((code, _WEEK) for code in range(53)),
    (1, _YEAR),
)
"""Number of steps and seconds of a step, by code; the two codes behind say that the module does not know."""


class ReadingAge(Struct, frozen=True, gc=False):
    """What a code says."""

    seconds: int
    age_ns: int
    uncertainty_ns: int
    reading: Reading


_AGES = tuple(
    ReadingAge(
        number * step_s, number * step_s * NS_PER_S, step_s * NS_PER_S, gauge("meter.reading_age", "", number * step_s)
    )
    for number, step_s in _STEPS
)


def reading_age(code: int) -> ReadingAge | None:
    """Return what the byte ``code`` says; None: the module does not know."""
    return _AGES[code] if code < len(_AGES) else None
