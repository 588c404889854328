"""Sets of instants as intervals: disjoint, oldest first, each from its first instant up to but not its last."""

from collections.abc import Iterable

Intervals = tuple[tuple[int, int], ...]
"""Pairs of ns since 1970-01-01 UTC."""


def joined(intervals: Iterable[tuple[int, int]]) -> Intervals:
    """Return the instants of any of ``intervals``, which may overlap and come in any order."""
    found: list[tuple[int, int]] = []
    for since_ns, until_ns in sorted(intervals):
        if found and since_ns <= found[-1][1]:
            found[-1] = found[-1][0], max(found[-1][1], until_ns)
        elif since_ns < until_ns:
            found.append((since_ns, until_ns))
    return tuple(found)


def clipped(intervals: Intervals, since_ns: int, until_ns: int) -> Intervals:
    """Return the part of ``intervals`` in ``[since_ns, until_ns)``."""
    cut = ((max(start_ns, since_ns), min(end_ns, until_ns)) for start_ns, end_ns in intervals)
    return tuple((start_ns, end_ns) for start_ns, end_ns in cut if start_ns < end_ns)


def length_ns(intervals: Intervals) -> int:
    """Return how much time ``intervals`` hold."""
    return sum(end_ns - start_ns for start_ns, end_ns in intervals)


def contains(intervals: Intervals, at_ns: int) -> bool:
    """Say whether ``at_ns`` is one of their instants."""
    return any(start_ns <= at_ns < end_ns for start_ns, end_ns in intervals)
