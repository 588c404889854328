"""Turnover: how many cars arrived at a spot. A lost frame makes it unknown within bounds, never smaller."""

from collections.abc import Iterator

from msgspec import Struct

from domain.between import Between, exactly
from domain.parking.spot_report import ReportKind
from domain.parking.transition import Transition
from domain.parking.transitions import Evidence

_END_OF_TIME_NS = 2**63 - 1


class Turnover(Struct, frozen=True, gc=False):
    """Arrivals in a window."""

    least: int
    """That are proven."""
    most: int | None
    """That can have been; None: nobody knows."""

    @property
    def count(self) -> int | None:
        """Return the number of arrivals, or None where it is not known."""
        return self.least if self.least == self.most else None

    def __add__(self, other: "Turnover") -> "Turnover":
        """Return the turnover of two spots, or of two windows, together."""
        most = None if self.most is None or other.most is None else self.most + other.most
        return Turnover(self.least + other.least, most)


NO_ARRIVALS = Turnover(0, 0)


class _Arrivals(Struct, frozen=True, gc=False):
    """Somewhere within ``when``, at least ``least`` and at most ``most`` (None: any number)."""

    when: Between
    least: int
    most: int | None


def turnover(known: Evidence, since_ns: int, until_ns: int, silent_since_ns: int | None = None) -> Turnover:
    """Return how many cars arrived in ``[since_ns, until_ns)``.

    Args:
        known: what the sensor said, also before the window.
        since_ns: begin of the window.
        until_ns: its end, not beyond the present.
        silent_since_ns: when the sensor was heard last, if it should have spoken again since.
    """
    total = NO_ARRIVALS
    for each in _arrivals(known, silent_since_ns):
        if each.when.lies_within(since_ns, until_ns):
            total += Turnover(each.least, each.most)
        elif each.when.may_lie_within(since_ns, until_ns):
            total += Turnover(0, each.most)
    return total


def _arrivals(known: Evidence, silent_since_ns: int | None) -> Iterator[_Arrivals]:
    """Yield when cars arrived, oldest first; nobody knows of the time before the first report."""
    first, last = known.first, known.last
    if first is None or last is None:
        yield _Arrivals(Between(None, _END_OF_TIME_NS), 0, None)
        return
    yield _Arrivals(Between(None, first.event_ns - 1), 0, None)
    if first.occupied:
        yield _Arrivals(exactly(first.event_ns), int(first.kind is ReportKind.CHANGE), 1)
    for transition in known.transitions:
        yield from _of(transition)
    if known.doubtful is not None or known.lost_after or silent_since_ns is not None:
        yield _Arrivals(Between(last.event_ns + 1, _END_OF_TIME_NS), 0, None)


def _of(transition: Transition) -> Iterator[_Arrivals]:
    """Yield the arrivals of one transition: the one its report tells, then those that can have been before."""
    occupied, most = transition.before.occupied, transition.most_changes
    least_arrivals = _among(transition.least_changes, occupied=occupied)
    most_arrivals = None if most is None else _among(most, occupied=occupied)
    if transition.after.occupied and transition.least_changes and transition.since.is_exact:
        yield _Arrivals(transition.since, 1, 1)
        least_arrivals -= 1
        most_arrivals = None if most_arrivals is None else most_arrivals - 1
    if most_arrivals != 0:
        yield _Arrivals(transition.between, least_arrivals, most_arrivals)


def _among(changes: int, *, occupied: bool) -> int:
    """Return how many of so many changes, beginning in that state, are arrivals."""
    return changes // 2 if occupied else (changes + 1) // 2
