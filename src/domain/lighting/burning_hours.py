"""A lamp's burning hours: how long it has burned, by two origins that are never summed, and against the plan.

- ``register``: the gear counts them itself (``lamp.on_time``); a new gear starts anew (``on_time_register``).
- ``computed``: from what the controller said of the lamp, on or off (``lit_time``).

Both are answers to the same question, so their sum would be an answer to none.
"""

from enum import StrEnum

from msgspec import Struct

NS_PER_S = 1_000_000_000


class Origin(StrEnum):
    """Where burning hours come from."""

    REGISTER = "register"
    COMPUTED = "computed"


class Shortcoming(StrEnum):
    """Why burning hours of a window are not all of it."""

    NO_READING = "no_reading"
    """Nothing was said in the window, or before it."""
    BOUNDARY_MISSING = "boundary_missing"
    """No register near enough to a boundary: what was counted between is not in the sum."""
    GEAR_NOT_READ = "gear_not_read"
    """A gear was exchanged, and nobody noted what the old one showed."""
    REGISTER_FELL = "register_fell"
    """It shows less than before, and no exchange is known."""
    STATE_UNKNOWN = "state_unknown"
    """For some of the time nobody said whether the lamp burned."""


class BurningHours(Struct, frozen=True, gc=False):
    """How long a lamp burned in a window, by one origin."""

    origin: Origin
    burned_ns: int
    """What is proven."""
    unknown_ns: int = 0
    """How much of the window nobody knows of; computed hours only."""
    shortcomings: tuple[Shortcoming, ...] = ()
    """Empty: the answer is whole."""

    @property
    def is_whole(self) -> bool:
        """Whether nothing is missing from it."""
        return not self.shortcomings

    @property
    def hours(self) -> float:
        """Return it in hours."""
        return self.burned_ns / NS_PER_S / 3_600


class AgainstPlan(Struct, frozen=True, gc=False):
    """Burning hours of a window beside those that were planned."""

    planned_ns: int
    actual: BurningHours

    @property
    def excess_ns(self) -> int | None:
        """Return how much longer than planned it burned (negative: shorter); None: the answer is not whole."""
        return self.actual.burned_ns - self.planned_ns if self.actual.is_whole else None
