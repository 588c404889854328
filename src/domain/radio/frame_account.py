"""The frame account of one device at one network server: what was received, and what must have been lost.

LoRaWAN counts every data frame of a session (TS001-1.0.4, 4.3.1.5), so a gap in the counters is a lost frame. The
account never counts "counter less last counter": frames come late, twice, or from a session that began anew.
Received and missing depend on which frames came, not on their order or on how often they came.
"""

from msgspec import Struct

from domain.radio.frame_counts import FrameCounts
from domain.radio.recent_frames import fingerprint, times_of_copies
from domain.radio.segment import Segment, advance, claim_from_zero, fill, note_copy, open_segment
from domain.radio.uplink import Activation, Uplink
from domain.radio.verdict import Verdict

_RETRANSMISSION_NS = 60 * 1_000_000_000
"""Copies of one frame lie within this time: at most 15 transmissions, seconds apart (TS001-1.0.4, NbTrans)."""
_CLOCK_NS = 30 * 1_000_000_000
"""A server may switch between its own and the gateway's clock, which may differ by this much (ChirpStack)."""
_MAX_FCNT_GAP = 16_384
"""Without proof of the session a larger jump is a new start, not a loss (LoRaWAN 1.0.3, 4.3.1.5)."""
_OPEN_SEGMENTS = 4
"""Sessions of a device that late frames may still reach; the missing of older ones is final."""


class FrameAccount(Struct, frozen=True, gc=False, array_like=True):
    """The account; ``segments`` newest last."""

    segments: tuple[Segment, ...] = ()
    counts: FrameCounts = FrameCounts()
    closed_missing: int = 0
    """Missing frames of segments that are no longer kept."""
    joins: tuple[tuple[int, str], ...] = ()
    """The last activations: network time in ns, name of the session."""

    @property
    def missing(self) -> int:
        """How many frames were never heard, as far as counters can tell."""
        return self.closed_missing + sum(segment.missing for segment in self.segments)


EMPTY = FrameAccount()


def account(uplink: Uplink, known: FrameAccount) -> tuple[Verdict, FrameAccount]:
    """Return what ``uplink`` is, and the account with it."""
    mark = fingerprint(uplink.f_port, uplink.payload)
    session = uplink.session or _session_at(known, uplink.network_ns)
    index = _segment_of(known.segments, session, uplink.network_ns)
    if index < 0:
        return Verdict.NEW, _opened(known, uplink, session, mark, broken=False)
    segment, f_cnt, ns = known.segments[index], uplink.f_cnt, uplink.network_ns
    if f_cnt > segment.last:
        if not uplink.session and f_cnt - segment.last > _MAX_FCNT_GAP:
            return Verdict.NEW, _opened(known, uplink, session, mark, broken=True)
        return Verdict.NEW, _counted(known, index, advance(segment, f_cnt, ns, mark), uplink, late=0)
    return _not_beyond(known, index, uplink, session, mark)


def activate(activation: Activation, known: FrameAccount) -> FrameAccount:
    """Return the account after a join; its first uplink may have come before it."""
    session = activation.session or f"join@{activation.network_ns}"
    if any(name == session for _, name in known.joins):
        return known
    segments = tuple(claim_from_zero(each) if each.session == session else each for each in known.segments)
    joins = (*known.joins, (activation.network_ns, session))[-_OPEN_SEGMENTS:]
    return FrameAccount(segments, known.counts, known.closed_missing, joins)


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
    if ns > segment.last_ns + (_CLOCK_NS if missing else 0):
        return Verdict.NEW, _opened(known, uplink, session, mark, broken=True)
    if missing:
        return Verdict.LATE, _counted(known, index, fill(segment, f_cnt, ns, mark), uplink, late=1)
    return Verdict.DUPLICATE, _duplicated(known, index, note_copy(segment, f_cnt, ns, mark))


def _session_at(known: FrameAccount, network_ns: int) -> str:
    """Return the session of a server that names none: that of the last activation before the frame."""
    return max((join for join in known.joins if join[0] <= network_ns + _CLOCK_NS), default=(0, ""))[1]


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
    kept, closed = known.segments, known.closed_missing
    if len(kept) == _OPEN_SEGMENTS:
        closed, kept = closed + kept[0].missing, kept[1:]
    counts = known.counts.plus(received=1, empty=uplink.is_empty, breaks=broken, sessions=not broken)
    return FrameAccount((*kept, segment), counts, closed, known.joins)


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
