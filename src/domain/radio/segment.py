"""A segment: the frames of one session between two starts of its counter.

Segment law: last - first + 1 = received + missing.
"""

from msgspec import Struct

from domain.radio.recent_frames import remember
from domain.radio.runs import Runs, contains, without

_MOST_RUNS = 1_000
"""A device that loses every other frame of a 15-minute day makes 48 runs a day: 1,000 cover three weeks of that."""


class Segment(Struct, frozen=True, gc=False, array_like=True):
    """What is remembered of the frames of one counter run."""

    session: str
    first: int
    """Lowest counter claimed: 0 if the activation was seen, else the lowest heard."""
    last: int
    """Highest counter heard; what came after it is not claimed."""
    received: int
    start_ns: int
    """Network time of its earliest frame."""
    last_ns: int
    """Network time of its latest frame."""
    missing_runs: Runs = ()
    """Missing counters that a late frame may still fill."""
    recent: bytes = b""
    settled: int = -1
    """Highest counter whose runs were given up, for want of room: frames up to it are counted by a recount only."""

    @property
    def missing(self) -> int:
        """How many counters of the segment were never heard."""
        return self.last - self.first + 1 - self.received

    def is_missing(self, f_cnt: int) -> bool:
        """Say whether ``f_cnt`` belongs to the segment and was not heard."""
        return f_cnt < self.first or contains(self.missing_runs, f_cnt)


def open_segment(session: str, first: int, f_cnt: int, network_ns: int, mark: int) -> Segment:
    """Return a segment whose first heard frame is ``f_cnt`` and whose first claimed one is ``first``."""
    runs = ((first, f_cnt - 1),) if first < f_cnt else ()
    return Segment(session, first, f_cnt, 1, network_ns, network_ns, runs, remember(b"", f_cnt, network_ns, mark))


def advance(segment: Segment, f_cnt: int, network_ns: int, mark: int) -> Segment:
    """Return the segment after a frame beyond its last one; the counters between are missing."""
    runs, settled = segment.missing_runs, segment.settled
    if f_cnt > segment.last + 1:
        runs, settled = _in_their_room((*runs, (segment.last + 1, f_cnt - 1)), settled)
    return Segment(
        segment.session,
        segment.first,
        f_cnt,
        segment.received + 1,
        segment.start_ns,
        max(segment.last_ns, network_ns),
        runs,
        remember(segment.recent, f_cnt, network_ns, mark),
        settled,
    )


def fill(segment: Segment, f_cnt: int, network_ns: int, mark: int) -> Segment:
    """Return the segment after a frame that was missing, or that precedes all it heard so far."""
    first, runs = segment.first, segment.missing_runs
    if f_cnt < first:
        runs = ((f_cnt + 1, first - 1), *runs) if f_cnt + 1 < first else runs
        first = f_cnt
    else:
        runs = without(runs, f_cnt)  # a run in two halves is one run more
    runs, settled = _in_their_room(runs, segment.settled)
    return Segment(
        segment.session,
        first,
        segment.last,
        segment.received + 1,
        min(segment.start_ns, network_ns),
        max(segment.last_ns, network_ns),
        runs,
        remember(segment.recent, f_cnt, network_ns, mark),
        settled,
    )


def note_copy(segment: Segment, f_cnt: int, network_ns: int, mark: int) -> Segment:
    """Return the segment knowing of one more copy of a frame, should a transport repeat the copy itself."""
    return Segment(
        segment.session,
        segment.first,
        segment.last,
        segment.received,
        segment.start_ns,
        segment.last_ns,
        segment.missing_runs,
        remember(segment.recent, f_cnt, network_ns, mark),
        segment.settled,
    )


def claim_from_zero(segment: Segment) -> Segment:
    """Return the segment with its unheard start claimed: its activation came to be known."""
    if segment.first == 0:
        return segment
    runs, settled = _in_their_room(((0, segment.first - 1), *segment.missing_runs), segment.settled)
    return Segment(
        segment.session,
        0,
        segment.last,
        segment.received,
        segment.start_ns,
        segment.last_ns,
        runs,
        segment.recent,
        settled,
    )


def renamed(segment: Segment, session: str) -> Segment:
    """Return the segment as one of ``session``."""
    return Segment(
        session,
        segment.first,
        segment.last,
        segment.received,
        segment.start_ns,
        segment.last_ns,
        segment.missing_runs,
        segment.recent,
        segment.settled,
    )


def _in_their_room(runs: Runs, settled: int) -> tuple[Runs, int]:
    """Return ``runs`` less the lowest that find no room, and up to which counter runs were given up."""
    surplus = len(runs) - _MOST_RUNS
    return (runs[surplus:], runs[surplus - 1][1]) if surplus > 0 else (runs, settled)
