"""Stays: how long a spot was occupied without a break, and whether that is longer than allowed."""

from collections.abc import Sequence
from enum import StrEnum
from itertools import zip_longest

from msgspec import Struct

from domain.between import Between
from domain.parking.phase import Phase


class Stay(Struct, frozen=True, gc=False):
    """From an arrival to the departure that follows, both within bounds."""

    since: Between
    until: Between | None
    """None: it lasts."""
    unbroken: bool
    """False: it may have been several, of which departures and arrivals were lost."""

    def shortest_ns(self, at_ns: int) -> int:
        """Return how long it has lasted at least, at ``at_ns``, if it was one."""
        ended_ns = at_ns if self.until is None else min(self.until.earliest_ns or 0, at_ns)
        return max(ended_ns - self.since.latest_ns, 0)

    def longest_ns(self, at_ns: int) -> int | None:
        """Return how long it has lasted at most, at ``at_ns``; None: nobody saw it begin."""
        if self.since.earliest_ns is None:
            return None
        ended_ns = at_ns if self.until is None else min(self.until.latest_ns, at_ns)
        return max(ended_ns - self.since.earliest_ns, 0)

    def overlaps(self, since_ns: int, until_ns: int) -> bool:
        """Say whether it can lie at least partly in ``[since_ns, until_ns)``."""
        begins = self.since.earliest_ns is None or self.since.earliest_ns < until_ns
        return begins and (self.until is None or self.until.latest_ns > since_ns)


class Overstay(StrEnum):
    """Whether a stay is longer than allowed."""

    NO = "no"
    POSSIBLE = "possible"
    """Its bounds leave it open, or it may have been several stays."""
    CERTAIN = "certain"


def stays(history: Sequence[Phase]) -> Sequence[Stay]:
    """Return the stays of a spot whose phases are ``history``, oldest first."""
    return [
        Stay(phase.since, after.since if after else None, phase.unbroken)
        for phase, after in zip_longest(history, history[1:])
        if phase.occupied
    ]


def overstay(stay: Stay, most_ns: int, at_ns: int) -> Overstay:
    """Say whether ``stay`` exceeds ``most_ns`` (0: no limit) at ``at_ns``."""
    if not most_ns:
        return Overstay.NO
    if stay.shortest_ns(at_ns) > most_ns:
        return Overstay.CERTAIN if stay.unbroken else Overstay.POSSIBLE
    longest_ns = stay.longest_ns(at_ns)
    return Overstay.POSSIBLE if longest_ns is None or longest_ns > most_ns else Overstay.NO
