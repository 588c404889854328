"""The frame account of one device at one network server: what was received, and what must have been lost.

LoRaWAN counts every data frame of a session (TS001-1.0.4, 4.3.1.5), so a gap in the counters is a lost frame. The
account never counts "counter less last counter": frames come late, twice, or from a session that began anew.
Received and missing depend on which frames came, not on their order or on how often they came, as far back as sessions
and runs are kept. A frame from before that is read and not counted: only a recount of the raw log can tell.
"""

from msgspec import Struct

from domain.radio.frame_counts import FrameCounts
from domain.radio.recent_frames import fingerprint, is_known, times_of_copies
from domain.radio.segment import Segment, advance, fill, note_copy, open_segment
from domain.radio.sessions import CLOCK_NS, SESSIONS_KEPT, Joins, announced, name_of, session_of, with_join
from domain.radio.uplink import Activation, Uplink
from domain.radio.verdict import Verdict

_RETRANSMISSION_NS = 60 * 1_000_000_000
"""Copies of one frame lie within this time: at most 15 transmissions, seconds apart (TS001-1.0.4, NbTrans)."""
_MAX_FCNT_GAP = 16_384
"""Without proof of the session a larger jump is a new start, not a loss (LoRaWAN 1.0.3, 4.3.1.5)."""


class FrameAccount(Struct, frozen=True, gc=False, array_like=True):
    """The account."""

    segments: tuple[Segment, ...] = ()
    """Those a late frame may still reach, by the time they began."""
    counts: FrameCounts = FrameCounts()
    closed_missing: int = 0
    """Missing frames of segments that are no longer kept."""
    joins: Joins = ()
    """The last activations."""

    @property
    def missing(self) -> int:
        """How many frames were never heard, as far as counters can tell."""
        missing = self.closed_missing
        for segment in self.segments:  # with every uplink: a generator would cost as much again
            missing += segment.missing
        return missing


def account(uplink: Uplink, known: FrameAccount) -> tuple[Verdict, FrameAccount]:
    """Return what ``uplink`` is, and the account with it."""
    mark = fingerprint(uplink.f_port, uplink.payload)
    session = uplink.session or session_of(uplink, mark, known.joins, known.segments)
    index = _segment_of(known.segments, session, uplink.network_ns)
    if index < 0:
        if _is_closed(known, uplink.network_ns):
            return Verdict.FORGOTTEN, known
        return Verdict.NEW, _opened(known, uplink, session, mark, broken=False)
    segment, f_cnt, ns = known.segments[index], uplink.f_cnt, uplink.network_ns
    if f_cnt > segment.last:
        if not uplink.session and f_cnt - segment.last > _MAX_FCNT_GAP:
            return Verdict.NEW, _opened(known, uplink, session, mark, broken=True)
        return Verdict.NEW, _counted(known, index, advance(segment, f_cnt, ns, mark), uplink, late=0)
    return _not_beyond(known, index, uplink, session, mark)


def activate(activation: Activation, known: FrameAccount) -> FrameAccount:
    """Return the account after a join; its first uplink may have come before it.

    ``known`` itself comes back where the join is no news: told before, or older than all that are kept.
    """
    join = activation.network_ns, name_of(activation)
    joins = with_join(known.joins, activation)
    if join not in joins or any(name == join[1] for _, name in known.joins):
        return known
    segments, explained = announced(activation, known.joins, known.segments)
    counts = known.counts.plus(breaks=-explained, sessions=explained) if explained else known.counts
    return FrameAccount(segments, counts, known.closed_missing, joins)


def mark_undecodable(known: FrameAccount) -> FrameAccount:
    """Return the account with one of its received frames counted as undecodable."""
    return FrameAccount(known.segments, known.counts.plus(undecodable=1), known.closed_missing, known.joins)


def _not_beyond(
    known: FrameAccount, index: int, uplink: Uplink, session: str, mark: int
) -> tuple[Verdict, FrameAccount]:
    """Judge a frame whose counter is not above all others: a copy, a late one, or the first after a reset."""
    segment, f_cnt, ns = known.segments[index], uplink.f_cnt, uplink.network_ns
    copies = list(times_of_copies(segment.recent, f_cnt, mark))
    if ns in copies:
        return Verdict.REDELIVERED, _redelivered(known)
    if any(abs(ns - copy) <= _RETRANSMISSION_NS for copy in copies):
        return Verdict.DUPLICATE, _duplicated(known, index, note_copy(segment, f_cnt, ns, mark))
    missing = f_cnt > segment.settled and segment.is_missing(f_cnt)
    if ns > segment.last_ns + (CLOCK_NS if missing else 0):
        return Verdict.NEW, _opened(known, uplink, session, mark, broken=True)
    if missing:
        return Verdict.LATE, _counted(known, index, fill(segment, f_cnt, ns, mark), uplink, late=1)
    if f_cnt <= segment.settled or (not copies and is_known(segment.recent, f_cnt)):
        return Verdict.FORGOTTEN, known
    return Verdict.DUPLICATE, _duplicated(known, index, note_copy(segment, f_cnt, ns, mark))


def _is_closed(known: FrameAccount, network_ns: int) -> bool:
    """Say whether the session of a frame of that time may have been counted and closed: all that are kept are newer."""
    segments = known.segments
    return len(segments) == SESSIONS_KEPT and all(network_ns < segment.last_ns for segment in segments)


def _segment_of(segments: tuple[Segment, ...], session: str, network_ns: int) -> int:
    """Return the index of the newest segment of ``session`` that had begun by then, else of its oldest; -1: none."""
    found = -1
    for index in range(len(segments) - 1, -1, -1):
        segment = segments[index]
        if segment.session == session:
            found = index
            if segment.start_ns <= network_ns:
                break
    return found


def _opened(known: FrameAccount, uplink: Uplink, session: str, mark: int, *, broken: bool) -> FrameAccount:
    joined = any(name == session for _, name in known.joins)
    first = 0 if joined and not broken else uplink.f_cnt
    segment = open_segment(session, first, uplink.f_cnt, uplink.network_ns, mark)
    known = _with_room(known, is_named=bool(uplink.session))
    counts = known.counts.plus(received=1, empty=uplink.is_empty, breaks=broken, sessions=not broken)
    segments = tuple(sorted((*known.segments, segment), key=_start_ns))
    return FrameAccount(segments, counts, known.closed_missing, known.joins)


def _with_room(known: FrameAccount, *, is_named: bool) -> FrameAccount:
    """Return the account with room for a segment: where there is none, the one closes that was silent longest.

    Its join goes with it, so that the session is not claimed from zero again should it be heard once more. Joins of a
    server without names for sessions stay: they tell the sessions apart.
    """
    if len(known.segments) < SESSIONS_KEPT:
        return known
    silent = min(known.segments, key=_last_ns)
    kept = tuple(each for each in known.segments if each is not silent)
    joins = tuple(join for join in known.joins if join[1] != silent.session) if is_named else known.joins
    return FrameAccount(kept, known.counts, known.closed_missing + silent.missing, joins)


def _last_ns(segment: Segment) -> int:
    return segment.last_ns


def _start_ns(segment: Segment) -> int:
    return segment.start_ns


def _counted(known: FrameAccount, index: int, segment: Segment, uplink: Uplink, late: int) -> FrameAccount:
    counts = known.counts.plus(received=1, late=late, empty=uplink.is_empty)
    return FrameAccount(_replaced(known.segments, index, segment), counts, known.closed_missing, known.joins)


def _duplicated(known: FrameAccount, index: int, segment: Segment) -> FrameAccount:
    counts = known.counts.plus(duplicate=1)
    return FrameAccount(_replaced(known.segments, index, segment), counts, known.closed_missing, known.joins)


def _redelivered(known: FrameAccount) -> FrameAccount:
    return FrameAccount(known.segments, known.counts.plus(redelivered=1), known.closed_missing, known.joins)


def _replaced(segments: tuple[Segment, ...], index: int, segment: Segment) -> tuple[Segment, ...]:
    return (segment,) if len(segments) == 1 else (*segments[:index], segment, *segments[index + 1 :])
