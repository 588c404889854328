"""Putting a frame in its place by network time, whenever it arrives."""

from domain.radio.day_calendar import DayCalendar
from domain.radio.draft import Draft
from domain.radio.frame_account import FrameAccount
from domain.radio.late_frames import settle
from domain.radio.recent_frames import EMPTY, KEPT_NS, WINDOW_NS, Frame, fingerprint
from domain.radio.runs import merged
from domain.radio.segment import Segment
from domain.radio.session_names import line_among, with_name
from domain.radio.sessions import Joins, LineName, session_line
from domain.radio.tally import Tally
from domain.radio.timeline import RETRANSMISSION_NS, Timeline
from domain.radio.uplink import Uplink
from domain.radio.verdict import Verdict

SESSIONS_KEPT = 4
"""Segments of a device that late frames may still reach; the missing of older ones is final."""
_MOST_SEGMENTS = 64
"""Of a device that begins anew with every frame: as many as there are frames in the window."""


def placed(uplink: Uplink, known: FrameAccount, calendar: DayCalendar) -> tuple[Verdict, FrameAccount]:
    """Put a frame in its place by network time."""
    known = with_name(uplink.session, uplink.dev_addr, known)
    return put(frame_of(uplink), line_among(uplink, known), known, calendar)


def frame_of(uplink: Uplink) -> Frame:
    """Return what is remembered of a frame."""
    mark = fingerprint(uplink.dev_addr, uplink.f_port, uplink.payload)
    return Frame(uplink.network_ns, uplink.f_cnt, mark | EMPTY if uplink.is_empty else mark)


def put(frame: Frame, line: LineName, known: FrameAccount, calendar: DayCalendar) -> tuple[Verdict, FrameAccount]:
    """Put a frame of ``line`` in its place by network time."""
    ns, tally = frame.network_ns, Tally(calendar)
    timeline = timeline_of(line, known, known.joins, tally)
    copies = timeline.copies_of(frame)
    if any(each.network_ns == ns for each in copies):
        return Verdict.REDELIVERED, _redelivered(known, ns, calendar)
    if _may_be_closed(known, timeline, ns):
        return Verdict.FORGOTTEN, known.changed(Tally(calendar), doubts=1)
    followers = timeline.place(frame)
    if followers is None:
        return _settled(frame, line, known, calendar)
    if any(not each.is_copy and abs(each.network_ns - ns) <= RETRANSMISSION_NS for each in copies):
        verdict = Verdict.DUPLICATE
    elif followers:
        verdict = Verdict.LATE
        _count_late(ns, known, tally)
    else:
        verdict = Verdict.NEW
    return verdict, rebuilt(known, timeline, tally, known.joins)


def _settled(frame: Frame, line: LineName, known: FrameAccount, calendar: DayCalendar) -> tuple[Verdict, FrameAccount]:
    """Take a frame that is older than the remembered ones."""
    tally = Tally(calendar)
    timeline = timeline_of(line, known, known.joins, tally)
    verdict = settle(timeline, frame)
    if verdict is Verdict.REDELIVERED:
        return verdict, _redelivered(known, frame.network_ns, calendar)
    if verdict is Verdict.FORGOTTEN:
        return verdict, known.changed(Tally(calendar), doubts=1)
    _count_late(frame.network_ns, known, tally)
    return verdict, rebuilt(known, timeline, tally, known.joins)


def _count_late(ns: int, known: FrameAccount, tally: Tally) -> None:
    """Count a frame that came after a later one; what comes after the window was given up, and is recovered."""
    tally.count("late", ns)
    if ns < max(each.last_ns for each in known.segments) - WINDOW_NS:
        tally.count("recovered", ns)


def _may_be_closed(known: FrameAccount, timeline: Timeline, ns: int) -> bool:
    """Say whether a frame of that time may belong to a segment that was counted and closed."""
    if ns > known.closed_ns:
        return False
    first = timeline.drafts[0] if timeline.drafts else None
    return first is None or first.origin.is_broken or (not timeline.line.is_named and ns < first.start_ns)


def timeline_of(line: LineName, known: FrameAccount, joins: Joins, tally: Tally) -> Timeline:
    """Return the segments of one line, to be changed."""
    drafts = [Draft(each, tally) for each in known.segments if each.session == line.name]
    return Timeline(session_line(line, joins), drafts, tally)


def rebuilt(known: FrameAccount, timeline: Timeline, tally: Tally, joins: Joins) -> FrameAccount:
    """Return the account with the segments of one line replaced."""
    name = timeline.line.name
    others = [each for each in known.segments if each.session != name]
    segments = sorted([*others, *(draft.segment() for draft in timeline.drafts)], key=_start_ns)
    kept, joins = _kept(segments, joins)
    closed = [each for each in segments if each not in kept]
    return known.changed(
        tally,
        segments=tuple(kept),
        joins=joins,
        closed_ns=max((each.last_ns for each in closed), default=0),
        closed_runs=merged(known.closed_runs, [each.missing_runs for each in closed]) if closed else None,
    )


def _kept(segments: list[Segment], joins: Joins) -> tuple[list[Segment], Joins]:
    """Return those that are kept: those silent longest close.

    The join of a session that the server names goes with it, so that the session is not claimed from zero again should
    it be heard once more. Joins of a server without such names stay: they tell the sessions apart.
    """
    kept = segments[:]
    newest_ns = max((each.last_ns for each in segments), default=0)
    while len(kept) > SESSIONS_KEPT:
        silent, silent_ns = _silent_longest(kept)
        if silent_ns >= newest_ns - KEPT_NS and len(kept) <= _MOST_SEGMENTS:
            break
        kept.remove(silent)
        joins = tuple(join for join in joins if not join.session or join.session != silent.session)
    return kept, joins


def _silent_longest(segments: list[Segment]) -> tuple[Segment, int]:
    """Return the segment that was silent longest, and until when a frame may have followed on it.

    Of one line the oldest goes first, and not before the next one has stood for a while: a late first frame of that
    one must find what came before it.
    """
    reached: dict[str, tuple[int, Segment]] = {}
    for each in reversed(segments):
        following = reached.get(each.session)
        reached[each.session] = (following[1].start_ns if following else each.last_ns), each
    silent_ns, silent = min(reached.values(), key=_first)
    return silent, silent_ns


def _first(pair: tuple[int, Segment]) -> int:
    return pair[0]


def _start_ns(segment: Segment) -> int:
    return segment.start_ns


def _redelivered(known: FrameAccount, ns: int, calendar: DayCalendar) -> FrameAccount:
    tally = Tally(calendar)
    tally.count("redelivered", ns)
    return known.changed(tally)
