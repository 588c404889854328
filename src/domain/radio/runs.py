"""Missing counters as runs: sorted, disjoint, inclusive intervals, each with the time it fell into.

Kept as one bytes value: a meter that loses every fiftieth frame of 30 days has 15 runs, 240 bytes so and 2 kB as
tuples of integers.
"""

from collections.abc import Iterable
from struct import Struct as Layout
from typing import NamedTuple

_ENTRY = Layout("<IIII")
_SIZE = _ENTRY.size
_pack, _unpack = _ENTRY.pack, _ENTRY.unpack
_unpack_until = Layout("<I").unpack_from
_UNTIL = 12


MOST_RUNS = 1_000
"""A device that loses every other frame of a 15-minute day makes 48 runs a day: 1,000 cover three weeks of that."""
_KEPT_S = 31 * 86_400
"""As long as the raw log (30 days): of what is older no frame can come any more."""


_CLOCKS_S = 60


class Run(NamedTuple):
    """Consecutive missing counters."""

    first: int
    last: int
    since_s: int
    """Network time of the next lower received counter (or of the join), seconds since 1970-01-01 UTC."""
    until_s: int
    """Network time of the next higher received counter: the day that the run belongs to."""

    @property
    def missing(self) -> int:
        """How many counters."""
        return self.last - self.first + 1


def packed(runs: list[Run]) -> bytes:
    """Return ``runs`` as they are kept."""
    return b"".join([_pack(*run) for run in runs])


def unpacked(kept: bytes) -> list[Run]:
    """Return the runs in ``kept``, lowest first."""
    return [Run(*entry) for entry in _ENTRY.iter_unpack(kept)]


def appended(kept: bytes, run: Run, settled: int) -> tuple[bytes, int]:
    """Return ``kept`` with one run more, above all others, and up to which counter runs were given up.

    The lowest go: those older than the raw log, and those that find no room.
    """
    surplus = len(kept) // _SIZE + 1 - MOST_RUNS
    while kept and (surplus > 0 or _ENTRY.unpack_from(kept)[3] < run.until_s - _KEPT_S):
        settled = _ENTRY.unpack_from(kept)[1]
        kept = kept[_SIZE:]
        surplus -= 1
    return kept + _pack(*run), settled


def merged(kept: bytes, more: Iterable[bytes]) -> bytes:
    """Return all runs by the time they belong to, whatever their counters; the oldest that find no room go."""
    runs = sorted((run for each in (kept, *more) for run in unpacked(each)), key=_until)
    return packed([run for run in runs[-MOST_RUNS:] if run.until_s >= runs[-1].until_s - _KEPT_S])


def between(several: Iterable[bytes], first_s: int, last_s: int) -> bytes:
    """Return all runs whose next frame came from ``first_s`` to ``last_s``, both included, by time.

    Runs are kept by counter, and so by time, but for clocks that differ: of the last day the days before are not looked
    at.
    """
    found = []
    for kept in several:
        for at in range(len(kept) - _SIZE, -1, -_SIZE):
            (until_s,) = _unpack_until(kept, at + _UNTIL)
            if until_s < first_s - _CLOCKS_S:
                break
            if first_s <= until_s <= last_s:
                found.append(kept[at : at + _SIZE])
    if len(found) > 1:
        found.sort(key=_when)
    return b"".join(found)


def _when(entry: bytes) -> tuple[int, int, int]:
    first, _, since_s, until_s = _unpack(entry)
    return until_s, since_s, first


def _until(run: Run) -> int:
    return run.until_s


def index_of(runs: list[Run], f_cnt: int) -> int:
    """Return which of ``runs`` holds ``f_cnt``; -1: none."""
    for index, run in enumerate(runs):
        if run.first <= f_cnt <= run.last:
            return index
    return -1


def split(run: Run, f_cnt: int, second: int) -> list[Run]:
    """Return what is left of ``run`` once its counter ``f_cnt`` was received at ``second``."""
    left: list[Run] = []
    if run.first < f_cnt:
        left.append(Run(run.first, f_cnt - 1, min(run.since_s, second), second))
    if f_cnt < run.last:
        left.append(Run(f_cnt + 1, run.last, min(second, run.until_s), run.until_s))
    return left
