"""How the time of a spot was used: occupied, free, and what nobody knows. The three always add up to the window."""

from collections.abc import Sequence
from itertools import zip_longest

from msgspec import Struct

from domain.parking.phase import Phase


class TimeUse(Struct, frozen=True, gc=False):
    """Shares of a window, in ns."""

    occupied_ns: int
    free_ns: int
    unknown_ns: int
    """Before the first report, between the bounds of a change, while the sensor was silent."""

    @property
    def window_ns(self) -> int:
        """Return the length of the window."""
        return self.occupied_ns + self.free_ns + self.unknown_ns

    def __add__(self, other: "TimeUse") -> "TimeUse":
        """Return the time of two windows, or of two spots, together."""
        return TimeUse(
            self.occupied_ns + other.occupied_ns,
            self.free_ns + other.free_ns,
            self.unknown_ns + other.unknown_ns,
        )


def time_use(history: Sequence[Phase], since_ns: int, until_ns: int) -> TimeUse:
    """Return how ``[since_ns, until_ns)`` was used by a spot whose phases are ``history``."""
    occupied_ns = free_ns = 0
    for phase, after in zip_longest(history, history[1:]):
        ends_ns = until_ns if after is None else after.since.earliest_ns or 0
        length_ns = max(min(ends_ns, until_ns) - max(phase.since.latest_ns, since_ns), 0)
        if phase.occupied:
            occupied_ns += length_ns
        elif phase.occupied is False:
            free_ns += length_ns
    window_ns = max(until_ns - since_ns, 0)
    return TimeUse(occupied_ns, free_ns, window_ns - occupied_ns - free_ns)
