"""Burning hours from the register of the gear: ``lamp.on_time``, which starts anew with each gear."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

from msgspec import Struct

from domain.dated import validities
from domain.lighting.burning_hours import NS_PER_S, BurningHours, Origin, Shortcoming
from domain.lighting.lamp import Gear

OLDEST_BOUNDARY_NS = 26 * 3_600 * NS_PER_S
"""A controller that reports once a day and is a little late still gives the register at a boundary."""


class OnTime(Struct, frozen=True, gc=False):
    """What the register showed at an instant."""

    event_ns: int
    seconds: int


class _Piece(Struct, frozen=True):
    """The part of the window in which one gear was in the lamp."""

    gear: Gear | None
    """None: nobody has registered it."""
    since_ns: int
    until_ns: int
    readings: Sequence[OnTime]
    """Of this gear, oldest first; also from before the window."""


def registered_hours(
    readings: Iterable[OnTime],
    gears: Iterable[Gear],
    since_ns: int,
    until_ns: int,
    oldest_boundary_ns: int = OLDEST_BOUNDARY_NS,
) -> BurningHours:
    """Return the burning hours of ``[since_ns, until_ns)`` as its gears counted them.

    The register at a boundary is the last reading at or before it, not older than ``oldest_boundary_ns``; where a gear
    was built in or taken out, what the registry says of it.
    """
    seconds = 0
    lacking: set[Shortcoming] = set()
    for piece in _pieces(sorted(readings, key=lambda each: each.event_ns), list(gears), since_ns, until_ns):
        course = [*_start(piece, oldest_boundary_ns, lacking), *_inside(piece), *_end(piece, until_ns, lacking)]
        if len(course) > 1:
            seconds += _counted(course, lacking)
        else:
            lacking.add(Shortcoming.NO_READING)
        if course and piece.until_ns - course[-1].event_ns > oldest_boundary_ns:
            lacking.add(Shortcoming.BOUNDARY_MISSING)
    return BurningHours(Origin.REGISTER, seconds * NS_PER_S, 0, tuple(sorted(lacking)))


def _pieces(readings: Sequence[OnTime], gears: Sequence[Gear], since_ns: int, until_ns: int) -> Iterator[_Piece]:
    """Yield the pieces of the window, one for each gear; the time before the first that is registered is one too."""
    known = validities(gears, since_ns, until_ns)
    first_ns = known[0][1] if known else until_ns
    if since_ns < first_ns:
        yield _Piece(None, since_ns, first_ns, _until(readings, first_ns, until_ns))
    for gear, start_ns, end_ns in known:
        of_gear = [each for each in _until(readings, end_ns, until_ns) if gear.valid_from_ns <= each.event_ns]
        yield _Piece(gear, start_ns, end_ns, of_gear)


def _until(readings: Sequence[OnTime], end_ns: int, until_ns: int) -> list[OnTime]:
    """Return what was read of a gear that was taken out at ``end_ns``; at the end of the window it is still in."""
    return [each for each in readings if each.event_ns < end_ns or each.event_ns == end_ns == until_ns]


def _start(piece: _Piece, oldest_ns: int, lacking: set[Shortcoming]) -> list[OnTime]:
    """Return the register at the begin of ``piece``."""
    gear = piece.gear
    if gear is not None and gear.valid_from_ns == piece.since_ns and gear.valid_from_ns:
        return [OnTime(piece.since_ns, gear.start_s)]
    before = [each for each in piece.readings if piece.since_ns - oldest_ns <= each.event_ns <= piece.since_ns]
    if not before:
        lacking.add(Shortcoming.BOUNDARY_MISSING)
    return before[-1:]


def _inside(piece: _Piece) -> list[OnTime]:
    return [each for each in piece.readings if piece.since_ns < each.event_ns <= piece.until_ns]


def _end(piece: _Piece, until_ns: int, lacking: set[Shortcoming]) -> list[OnTime]:
    """Return what a gear showed when it was taken out within the window."""
    if piece.until_ns >= until_ns:
        return []
    if piece.gear is None or piece.gear.end_s is None:
        lacking.add(Shortcoming.GEAR_NOT_READ)
        return []
    return [OnTime(piece.until_ns, piece.gear.end_s)]


def _counted(course: Sequence[OnTime], lacking: set[Shortcoming]) -> int:
    """Return how many seconds the register counted; where it fell nobody knows, and nothing is counted."""
    seconds = 0
    for before, after in pairwise(course):
        if after.seconds >= before.seconds:
            seconds += after.seconds - before.seconds
        else:
            lacking.add(Shortcoming.REGISTER_FELL)
    return seconds
