"""Lost frames of a sensor by time: how many lie between two of its reports, in a year as fast as in a day."""

from bisect import bisect_right
from collections.abc import Iterable
from itertools import accumulate

from domain.parking.spot_report import Gap


class LostFrames:
    """Gaps in order; they may overlap, where several network servers count."""

    def __init__(self, gaps: Iterable[Gap]) -> None:
        self._gaps = sorted(gaps, key=_until_ns)
        self._ends_ns = [gap.until_ns for gap in self._gaps]
        earliest = accumulate((gap.from_ns for gap in reversed(self._gaps)), min)
        self._earliest_ns = [*earliest][::-1]
        """The first instant of each gap and all that follow it."""

    def between(self, from_ns: int, until_ns: int | None) -> int:
        """Return how many frames were lost somewhere between two instants; None: and whenever after the first."""
        frames = 0
        for index in range(bisect_right(self._ends_ns, from_ns), len(self._gaps)):
            if until_ns is not None and self._earliest_ns[index] >= until_ns:
                break
            gap = self._gaps[index]
            if until_ns is None or gap.from_ns < until_ns:
                frames += gap.frames
        return frames


def _until_ns(gap: Gap) -> int:
    return gap.until_ns
