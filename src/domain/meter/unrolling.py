"""From readings to counts that only grow: roll-overs unrolled, odd readings set aside, and a cut at every jump.

What is set aside: readings out of order within the uncertainty of their times; a single reading too high, after which
the counter goes on where it was; and a dip, after which it does so too. What the counter does else against its
direction is a jump: counting begins anew behind it, and the jump itself counts nothing.
"""

from collections.abc import Iterable

from domain.meter.counting import Counting, Move, RegisterReading
from domain.observation import Quality

_GOES_ON = (Move.ON, Move.ROLL_OVER)
_UNUSABLE = (Quality.IMPLAUSIBLE, Quality.UNIT_UNKNOWN)


class Piece:
    """Readings between two jumps, with their unrolled counts."""

    def __init__(self, move: Move) -> None:
        self.move = move
        """How the counter came here."""
        self.readings: list[RegisterReading] = []
        self.counts: list[int] = []

    def add(self, reading: RegisterReading, count: int) -> None:
        """Take ``reading``, at which the counter stood at ``count``."""
        self.readings.append(reading)
        self.counts.append(count)

    def pop(self) -> None:
        """Set the last reading aside."""
        self.readings.pop()
        self.counts.pop()


def unrolled(rules: Counting, readings: Iterable[RegisterReading]) -> list[Piece]:
    """Return the pieces that ``readings``, oldest first, fall into."""
    unrolling = _Unrolling(rules)
    for reading in readings:
        if reading.quality not in _UNUSABLE:
            unrolling.take(reading)
    return [piece for piece in unrolling.pieces if piece.readings]


class _Unrolling:
    def __init__(self, rules: Counting) -> None:
        self._rules = rules
        self.pieces = [Piece(Move.ON)]

    def take(self, reading: RegisterReading) -> None:
        """Add ``reading`` to the pieces."""
        piece = self.pieces[-1]
        if not piece.readings:
            piece.add(reading, reading.raw)
            return
        last = piece.readings[-1]
        move, _ = self._rules.on(last, reading)
        if self._ends_an_excursion(reading, move):
            self.pieces.pop()
            self._go_on(self.pieces[-1], reading)
        elif move in _GOES_ON:
            self._go_on(piece, reading)
        else:
            self._turn(piece, reading, move)

    def _go_on(self, piece: Piece, reading: RegisterReading) -> None:
        _, used = self._rules.on(piece.readings[-1], reading)
        piece.add(reading, piece.counts[-1] + self._rules.sign * used)

    def _turn(self, piece: Piece, reading: RegisterReading, move: Move) -> None:
        """Take a reading that does not follow from the last."""
        last = piece.readings[-1]
        if move is Move.BACKWARD_JUMP and _unordered(last, reading):
            if reading.uncertainty_ns < last.uncertainty_ns:
                piece.pop()
                self.take(reading)
        elif move is Move.BACKWARD_JUMP and self._was_a_peak(piece, reading):
            piece.pop()
            self._go_on(piece, reading)
        else:
            self.pieces.append(Piece(move))
            self.pieces[-1].add(reading, reading.raw)

    def _was_a_peak(self, piece: Piece, reading: RegisterReading) -> bool:
        """Say whether ``reading`` follows from the last but one, so that the last alone was too high."""
        return len(piece.readings) > 1 and self._is_back(piece.readings[-2], reading)

    def _is_back(self, before: RegisterReading, reading: RegisterReading) -> bool:
        """Say whether the counter stands where it may have come to from ``before``.

        A device that was reset begins near 0: what is no further than twice as far as before is no such beginning.
        """
        return reading.raw <= 2 * before.raw and self._rules.on(before, reading)[0] is Move.ON

    def _ends_an_excursion(self, reading: RegisterReading, move: Move) -> bool:
        """Say whether the counter is back where it was before its last jump, so that the jump was none.

        A counter that was reset climbs past its old position in small steps; one that comes back does it at once.
        """
        if len(self.pieces) == 1:
            return False
        before, low = self.pieces[-2].readings[-1], self.pieces[-1].readings[0]
        if not self._is_back(before, reading):
            return False
        step = abs(reading.raw - self.pieces[-1].readings[-1].raw)
        return move not in _GOES_ON or step * 2 >= abs(before.raw - low.raw)


def _unordered(last: RegisterReading, reading: RegisterReading) -> bool:
    return reading.event_ns - last.event_ns <= last.uncertainty_ns + reading.uncertainty_ns
