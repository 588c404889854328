"""A segment: the frames of one session between two starts of its counter.

Segment law: last - first + 1 = received + missing.
"""

from msgspec import Struct


class Segment(Struct, frozen=True, gc=False, array_like=True):
    """What is remembered of the frames of one run of counters."""

    session: str
    """The server's name for it; where it gives none the DevAddr, and where it gives neither nothing."""
    first: int
    """Lowest counter claimed: 0 if the activation was seen, else the lowest heard."""
    last: int
    """Highest counter heard, in full where its server shows 16 bits; what came after it is not claimed."""
    received: int
    start_ns: int
    """Network time of its earliest frame."""
    last_ns: int
    """Network time of its latest frame."""
    top_ns: int
    """Network time of the frame with the counter ``last``."""
    join_ns: int = 0
    """Network time of the join that began its session; 0: none is known."""
    is_broken: bool = False
    """It began in the middle of a session, without a sign."""
    is_short: bool = False
    """Its counter has rolled over: its server gives 16 bits."""
    missing_runs: bytes = b""
    """Missing counters that a late frame may still fill; see ``runs``."""
    recent: bytes = b""
    """Its last frames; see ``recent_frames``."""
    settled: int = -1
    """Highest counter whose runs were given up, for want of room: frames up to it are counted by a recount only."""
    dev_addr: str = ""
    """DevAddr of a session that the server names: its store of messages gives them without the name."""

    @property
    def missing(self) -> int:
        """How many counters of the segment were never heard."""
        return self.last - self.first + 1 - self.received
