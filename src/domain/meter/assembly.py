"""Runs put together to a course: what carries over from one device to the next, and from one meter to the next.

A meter's register is its own: when only the radio module is exchanged, the new module's register goes on where the old
one's ended, and nothing is lost in between. When the meter is exchanged, the course goes on if both meters were read
then. Whatever else does not follow is a jump and counts nothing.
"""

from collections.abc import Iterable, Sequence
from fractions import Fraction

from msgspec import Struct

from domain.meter.counting import Move
from domain.meter.course import Course, Run, Stretch, course
from domain.meter.reasons import JUMPS, Reason
from domain.meter.unrolling import Piece, unrolled

_ROLL_OVER_SHARE = 4
"""As in domain.meter.counting."""


class _Joint(Struct, frozen=True):
    """How a run follows."""

    base: int
    jump: Reason | None


def assembled(stretches: Iterable[Stretch]) -> Course:
    """Return the course of one register; ``stretches`` come in the order of time and do not overlap."""
    runs: list[Run] = []
    for stretch in stretches:
        first = True
        for piece in unrolled(stretch.rules, stretch.readings):
            _append(runs, stretch, piece, first_of_stretch=first)
            first = False
    return course(runs)


def _append(runs: list[Run], stretch: Stretch, piece: Piece, *, first_of_stretch: bool) -> None:
    """Add what ``piece`` has within its stretch to ``runs``."""
    start = next((n for n, each in enumerate(piece.readings) if each.event_ns >= stretch.since_ns), None)
    anchored = _shows_the_meter(stretch) or (first_of_stretch and stretch.has_index)
    if start is None:
        return
    readings, counts = piece.readings[start:], piece.counts[start:]
    times = [each.event_ns for each in readings]
    registers = [stretch.rules.register(count) for count in counts]
    joint = _Joint(0, None)
    run = Run(stretch, times, registers, [each.quality for each in readings], joint.base, joint.jump, anchored)
    if runs:
        joint = _joint(runs, run, piece.move)
    runs.append(Run(run.stretch, run.times, run.registers, run.qualities, joint.base, joint.jump, anchored))


def _shows_the_meter(stretch: Stretch) -> bool:
    """Say whether the device sends what the meter shows, so that a jump is the meter's own."""
    definition = stretch.rules.definition
    return definition.index is None and definition.source == definition.measurand


def _joint(runs: Sequence[Run], run: Run, move: Move) -> _Joint:
    before = runs[-1]
    flush = before.base + before.register(-1) - run.register(0)
    if move in JUMPS:
        return _Joint(flush, JUMPS[move])
    if before.stretch.meter_at_point != run.stretch.meter_at_point:
        return _Joint(flush, None if _read_by_eye(before, run) else Reason.EXCHANGE_UNREAD)
    anchors = [each for each in runs if each.anchored and _is_same_meter(each, run)]
    if not run.anchored or not anchors:
        return _Joint(flush, Reason.NO_INDEX)
    return _same_meter(before, anchors[-1], run, flush)


def _read_by_eye(before: Run, run: Run) -> bool:
    """Say whether the old meter was read when it went, and the new one when it came."""
    went, came = before.stretch.meter_at_point, run.stretch.meter_at_point
    return before.times[-1] == went.until_ns and run.times[0] == came.since_ns


def _same_meter(before: Run, anchor: Run, run: Run, flush: int) -> _Joint:
    """Let one meter's register go on, whoever reads it.

    Behind a jump the registers only count on, so it goes on from the last run that showed the meter, ``anchor``: what
    the device lost is made up for when somebody enters the meter's index.
    """
    base = anchor.base
    risen = base + _exact(run, 0) - before.base - _exact(before, -1)
    if risen >= 0 and base >= flush:
        return _Joint(base, None)
    resolution = max(before.stretch.rules.definition.resolution, run.stretch.rules.definition.resolution)
    if -risen < resolution:  # one of the two was noted with fewer digits
        return _Joint(flush, None)
    if run.turn and (risen % run.turn) * _ROLL_OVER_SHARE <= run.turn:
        return _Joint(base + int(risen % run.turn - risen), None)
    return _Joint(flush, Reason.BACKWARD_JUMP)


def _is_same_meter(one: Run, other: Run) -> bool:
    return one.stretch.meter_at_point == other.stretch.meter_at_point


def _exact(run: Run, index: int) -> Fraction:
    return Fraction(run.registers[index], run.stretch.rules.denominator)


def in_order(stretches: Sequence[Stretch]) -> list[Stretch]:
    """Return ``stretches`` in the order of time."""
    return sorted(stretches, key=lambda each: each.since_ns)
