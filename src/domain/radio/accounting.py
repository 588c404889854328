"""Accounting of one frame: the short way for those that go on where the account stands, nearly all of them."""

from msgspec.structs import replace

from domain.radio.day_calendar import UTC_DAYS, DayCalendar, seconds
from domain.radio.frame_account import FrameAccount
from domain.radio.placing import placed
from domain.radio.recent_frames import EMPTY, fingerprint, remember, with_undecodable
from domain.radio.runs import Run, appended
from domain.radio.segment import Segment
from domain.radio.sessions import Joins
from domain.radio.tally import Tally, next_day
from domain.radio.timeline import MAX_FCNT_GAP, RETRANSMISSION_NS
from domain.radio.uplink import Uplink
from domain.radio.verdict import Verdict

_NEW = Verdict.NEW
"""Found once: looking up a member of an enumeration takes Python 3.11 as long as a call does."""


def account(uplink: Uplink, known: FrameAccount, calendar: DayCalendar = UTC_DAYS) -> tuple[Verdict, FrameAccount]:
    """Return what ``uplink`` is, and the account with it."""
    segments = known.segments
    if segments:
        newest = segments[-1]
        f_cnt, ns = uplink.f_cnt, uplink.network_ns
        # Nearly every frame goes on where the newest segment stands; all others are put in their place.
        if (
            f_cnt > newest.last
            and ns > newest.last_ns
            and newest.session == (uplink.session or uplink.dev_addr)
            and not newest.is_short
            and (uplink.session or _goes_on(f_cnt, newest, known.joins))
            and (len(segments) == 1 or segments[-2].last_ns < ns - RETRANSMISSION_NS)
        ):
            return _NEW, _advanced(uplink, known, newest, calendar)
    return placed(uplink, known, calendar)


def mark_undecodable(known: FrameAccount, uplink: Uplink, calendar: DayCalendar = UTC_DAYS) -> FrameAccount:
    """Return the account with a frame that was just received counted as undecodable."""
    tally, ns, mark = Tally(calendar), uplink.network_ns, fingerprint(uplink.dev_addr, uplink.f_port, uplink.payload)
    tally.count("undecodable", ns)
    flagged = [replace(each, recent=with_undecodable(each.recent, ns, mark)) for each in known.segments]
    return known.changed(tally, segments=tuple(flagged))


def _goes_on(f_cnt: int, newest: Segment, joins: Joins) -> bool:
    """Say whether a counter plainly goes on in a session that its server does not name."""
    return f_cnt - newest.last <= MAX_FCNT_GAP and (not joins or joins[-1].network_ns <= newest.join_ns)


def _advanced(uplink: Uplink, known: FrameAccount, newest: Segment, calendar: DayCalendar) -> FrameAccount:
    """Return the account after a frame beyond the last one."""
    f_cnt, ns, is_empty = uplink.f_cnt, uplink.network_ns, uplink.is_empty
    missing = f_cnt - newest.last - 1
    runs, settled = newest.missing_runs, newest.settled
    if missing:
        second = seconds(ns)
        run = Run(newest.last + 1, f_cnt - 1, min(seconds(newest.top_ns), second), second)
        runs, settled = appended(runs, run, settled)
    mark = fingerprint(uplink.dev_addr, uplink.f_port, uplink.payload)
    segment = replace(
        newest,
        last=f_cnt,
        received=newest.received + 1,
        last_ns=ns,
        top_ns=ns,
        missing_runs=runs,
        recent=remember(newest.recent, f_cnt, ns, mark | EMPTY if is_empty else mark),
        settled=settled,
    )
    day = calendar.day(ns)
    if day < known.day:
        return _elsewhere(known, segment, missing, ns, calendar, is_empty=is_empty)
    before, today, past = known.before, known.today, known.past
    if day > known.day:
        before, _, today, past = next_day(known.totals, day)
    return replace(
        known,
        segments=(segment,) if len(known.segments) == 1 else (*known.segments[:-1], segment),
        before=before,
        day=day,
        today=replace(
            today, received=today.received + 1, empty=today.empty + is_empty, missing=today.missing + missing
        ),
        past=past,
    )


def _elsewhere(
    known: FrameAccount, segment: Segment, missing: int, ns: int, calendar: DayCalendar, *, is_empty: bool
) -> FrameAccount:
    """Return the account with ``segment`` advanced on a day before the newest: another session is ahead of it."""
    tally = Tally(calendar)
    tally.frame(ns, EMPTY if is_empty else 0)
    tally.count("missing", ns, missing)
    return known.changed(tally, segments=(*known.segments[:-1], segment))
