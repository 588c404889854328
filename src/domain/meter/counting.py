"""How a counter moved between two readings: on, over its end, or back.

A counter that wraps and a device that lost its count look alike: both send a smaller number. It was a roll-over only if
the counter's modulus is known and the way on, through 0, is short; else the counter jumped back, and what was used
meanwhile nobody knows.
"""

from enum import StrEnum

from msgspec import Struct

from domain.meter.register_definition import DOWN, RegisterDefinition

_ROLL_OVER_SHARE = 4
"""A quarter of the counter's range: half a year of silence even for 16-bit counters of 10 L (655 m³) in a household;
of resets at a random count three quarters are told from a roll-over, and all of those in the counter's first years."""
_NS_PER_H = 3_600 * 10**9


class Move(StrEnum):
    """What happened between two readings."""

    ON = "on"
    ROLL_OVER = "roll_over"
    BACKWARD_JUMP = "backward_jump"
    TOO_FAST = "too_fast"
    """Further on than can have flowed."""


class RegisterReading(Struct, frozen=True, gc=False):
    """A counter at one instant, as it was sent."""

    event_ns: int
    raw: int
    """In the source's steps."""
    quality: str = "measured"
    uncertainty_ns: int = 0


class Counting(Struct, frozen=True, gc=False):
    """The rules of one definition, worked out once for many readings."""

    definition: RegisterDefinition
    numerator: int
    denominator: int
    """Steps of the register for each step of the counter."""
    sign: int

    def on(self, before: RegisterReading, after: RegisterReading) -> tuple[Move, int]:
        """Return how the counter moved, and how many of its steps were used meanwhile."""
        used, modulus = (after.raw - before.raw) * self.sign, self.definition.modulus
        move = Move.ON
        if used < 0:
            used = used % modulus if modulus else 0
            if not modulus or used * _ROLL_OVER_SHARE > modulus:
                return Move.BACKWARD_JUMP, 0
            move = Move.ROLL_OVER
        elif modulus and (modulus - used) * _ROLL_OVER_SHARE < modulus:
            return Move.BACKWARD_JUMP, 0  # back through 0 is much shorter
        if self._is_too_fast(used, before, after):
            return (Move.TOO_FAST if move is Move.ON else Move.BACKWARD_JUMP), 0
        return move, used

    def _is_too_fast(self, used: int, before: RegisterReading, after: RegisterReading) -> bool:
        most = self.definition.most_per_hour
        if not most:
            return False
        elapsed_ns = after.event_ns - before.event_ns + before.uncertainty_ns + after.uncertainty_ns
        return (used - 1) * self.numerator * _NS_PER_H > most * elapsed_ns * self.denominator

    def register(self, count: int) -> int:
        """Return the register, times ``denominator``, at an unrolled ``count``."""
        index = self.definition.index or 0
        return index * self.denominator + (count - self.definition.index_raw) * self.sign * self.numerator


def counting(definition: RegisterDefinition) -> Counting:
    """Return the rules of ``definition``."""
    scale = definition.scale()
    return Counting(definition, scale.numerator, scale.denominator, -1 if definition.direction == DOWN else 1)
