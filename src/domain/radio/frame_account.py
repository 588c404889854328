"""The frame account of one device at one network server: what was received, and what must have been lost.

LoRaWAN counts every data frame of a session (TS001-1.0.4, 4.3.1.5), so a gap in the counters is a lost frame. The
account never counts "counter less last counter": frames come late, twice, or from a session that began anew.
Received and missing are a function of the set of frames: neither their order of arrival nor repetition plays a part,
within ten minutes of network time and 64 frames. Beyond that a frame that fills a gap is counted, and one that fits
nowhere is read and leaves a doubt: a recount of the raw log can tell.
"""

from typing import NamedTuple

from msgspec import Struct

from domain.radio import day_counts
from domain.radio.frame_counts import NO_FRAMES, FrameCounts
from domain.radio.segment import Segment
from domain.radio.sessions import Joins
from domain.radio.tally import DayTotals, Tally


class Home(NamedTuple):
    """Where frames of a DevAddr are accounted."""

    dev_addr: str
    source: str
    session: str
    is_named: bool


class FrameAccount(Struct, frozen=True, gc=False, array_like=True):
    """The account."""

    segments: tuple[Segment, ...] = ()
    """Those a late frame may still reach, by the time they began."""
    joins: Joins = ()
    """The last activations."""
    before: FrameCounts = NO_FRAMES
    """Counts of all days before the newest."""
    day: int = 0
    """The newest day, in the calendar of the city."""
    today: FrameCounts = NO_FRAMES
    """Counts of that day."""
    past: bytes = b""
    """Counts of the 30 days before it, one by one; see ``day_counts``."""
    closed_ns: int = 0
    """Network time of the latest frame in segments that are no longer kept; 0: all are."""
    closed_runs: bytes = b""
    """Their missing counters, by time: no frame fills them any more, and who lost them is still told."""
    doubts: int = 0
    """Messages that only a recount of the raw log can account for; more than none: the device is to be recounted."""
    notices: bytes = b""
    """Log lines of the network server that were counted; see ``recent_frames``."""
    unparsed: bytes = b""
    """When messages came that nobody could read; see ``unheard``."""
    homes: tuple[Home, ...] = ()
    """Sessions of this source that are accounted at another one; see ``shared_sessions``."""

    @property
    def counts(self) -> FrameCounts:
        """All counts."""
        return self.before.plus(self.today)

    @property
    def missing(self) -> int:
        """How many frames were never heard, as far as counters can tell."""
        return self.before.missing + self.today.missing

    @property
    def totals(self) -> DayTotals:
        """The counts by day."""
        return DayTotals(self.before, self.day, self.today, self.past)

    def by_day(self) -> dict[int, FrameCounts]:
        """Return the counts of the days that are kept, oldest first."""
        days = day_counts.unpacked(self.past)
        if self.today != NO_FRAMES:
            days[self.day] = self.today
        return days

    def changed(  # noqa: PLR0913  one for each field
        self,
        tally: Tally,
        *,
        segments: tuple[Segment, ...] | None = None,
        joins: Joins | None = None,
        closed_ns: int = 0,
        closed_runs: bytes | None = None,
        doubts: int = 0,
        notices: bytes | None = None,
        unparsed: bytes | None = None,
        homes: "tuple[Home, ...] | None" = None,
    ) -> "FrameAccount":
        """Return the account with what ``tally`` counted, so many doubts more, and what else is given."""
        return FrameAccount(
            self.segments if segments is None else segments,
            self.joins if joins is None else joins,
            *tally.applied(self.totals),
            max(self.closed_ns, closed_ns),
            self.closed_runs if closed_runs is None else closed_runs,
            self.doubts + doubts,
            self.notices if notices is None else notices,
            self.unparsed if unparsed is None else unparsed,
            self.homes if homes is None else homes,
        )
