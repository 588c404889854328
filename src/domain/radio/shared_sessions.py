"""Frames that two network servers deliver: one session of one device, or two.

A device may be known to two servers, and one server be bridged twice. Frames with equal DevAddr, counter, port and
payload within 60 s are copies of one frame, and prove that both deliver one session (the ledger's definition, rule 3):
from then on it is accounted at the source whose frames of it began first, the home, and what the other delivers fills
its gaps. Without a copy there are two sessions, each at its source.
"""

from collections.abc import Mapping
from typing import NamedTuple

from msgspec import Struct

from domain.radio.accounting import account
from domain.radio.day_calendar import DayCalendar
from domain.radio.draft import Draft
from domain.radio.frame_account import FrameAccount, Home
from domain.radio.late_frames import settle
from domain.radio.placing import frame_of, put, rebuilt, timeline_of
from domain.radio.recent_frames import Frame
from domain.radio.session_names import line_among
from domain.radio.sessions import LineName
from domain.radio.tally import Tally
from domain.radio.timeline import RETRANSMISSION_NS
from domain.radio.uplink import Uplink
from domain.radio.verdict import Verdict

_NO_FRAMES = FrameAccount()
_HOMES_KEPT = 8
_ANY_TIME = Frame(-(1 << 63), -1, 0)

Accounts = Mapping[str, FrameAccount]
"""Of one device, by source."""


class Accounted(Struct, frozen=True, gc=False):
    """What a frame is, and where it is accounted."""

    verdict: Verdict
    source: str
    accounts: dict[str, FrameAccount]


class _Place(NamedTuple):
    source: str
    line: LineName


def accounted(uplink: Uplink, accounts: Accounts, calendar: DayCalendar) -> Accounted:
    """Return what ``uplink`` is to the accounts of its device, and the accounts with it."""
    source = uplink.source
    if uplink.from_storage:
        return _recovered(uplink, accounts, _accounted(uplink, accounts, calendar), calendar)
    if len(accounts) > (source in accounts):
        return _accounted(uplink, accounts, calendar)
    # Nearly every device is known to one network server only: nothing is shared, and no other account is kept.
    verdict, known = account(uplink, accounts.get(source, _NO_FRAMES), calendar)
    return Accounted(verdict, source, {source: known})


def _recovered(uplink: Uplink, accounts: Accounts, found: Accounted, calendar: DayCalendar) -> Accounted:
    """Count a frame as recovered that only the network server's store brought: we had lost it, not the radio."""
    if found.verdict not in (Verdict.NEW, Verdict.LATE):
        return found
    known = found.accounts[found.source]
    if known.counts.recovered > accounts.get(found.source, _NO_FRAMES).counts.recovered:
        return found  # so late that it counts as such anyway
    tally = Tally(calendar)
    tally.count("recovered", uplink.network_ns)
    return Accounted(found.verdict, found.source, {**found.accounts, found.source: known.changed(tally)})


def _accounted(uplink: Uplink, accounts: Accounts, calendar: DayCalendar) -> Accounted:
    source = uplink.source
    if uplink.dev_addr and len(accounts) > (source in accounts):
        known = accounts.get(source, _NO_FRAMES)
        home = next((each for each in known.homes if each.dev_addr == uplink.dev_addr), None)
        if home is not None:
            return _put(
                frame_of(uplink), _Place(home.source, LineName(home.session, home.is_named)), accounts, calendar
            )
        elsewhere = _copied(uplink, accounts)
        if elsewhere is not None:
            return _merged(uplink, elsewhere, accounts, calendar)
    verdict, known = account(uplink, accounts.get(source, _NO_FRAMES), calendar)
    return Accounted(verdict, source, {**accounts, source: known})


def _copied(uplink: Uplink, accounts: Accounts) -> _Place | None:
    """Return where a copy of ``uplink`` was accounted that another source delivered, not knowing of this one yet."""
    frame = frame_of(uplink)
    tally = Tally(DayCalendar())
    for source, known in accounts.items():
        if source == uplink.source or any(each.source == uplink.source for each in known.homes):
            continue
        for segment in known.segments:
            if abs(segment.last_ns - frame.network_ns) > RETRANSMISSION_NS and segment.last_ns < frame.network_ns:
                continue
            draft = Draft(segment, tally)
            for each in draft.frames:
                is_copy = each.is_like(frame.mark) and draft.shows(each, frame.f_cnt)
                if is_copy and abs(each.network_ns - frame.network_ns) <= RETRANSMISSION_NS:
                    return _Place(source, LineName(segment.session, segment.session != uplink.dev_addr))
    return None


def _merged(uplink: Uplink, other: _Place, accounts: Accounts, calendar: DayCalendar) -> Accounted:
    """Make one session of two, at the source where it began first."""
    own = _Place(uplink.source, line_among(uplink, accounts.get(uplink.source, _NO_FRAMES)))
    home, guest = sorted((own, other), key=lambda place: (_begin_ns(place, accounts, uplink), place.source))
    known = accounts.get(guest.source, _NO_FRAMES)
    moved = Home(uplink.dev_addr, home.source, home.line.name, home.line.is_named)
    frames, known = _released(guest.line, known, calendar)
    known = known.changed(Tally(calendar), homes=(*known.homes, moved)[-_HOMES_KEPT:])
    received = _received(frames, home.line, accounts.get(home.source, _NO_FRAMES), calendar)
    return _put(frame_of(uplink), home, {**accounts, guest.source: known, home.source: received}, calendar)


def _begin_ns(place: _Place, accounts: Accounts, uplink: Uplink) -> int:
    segments = accounts.get(place.source, _NO_FRAMES).segments
    return min((each.start_ns for each in segments if each.session == place.line.name), default=uplink.network_ns)


def _released(line: LineName, known: FrameAccount, calendar: DayCalendar) -> tuple[list[Frame], FrameAccount]:
    """Return the frames of ``line``, and the account without them.

    Where not all are remembered they stay, as a session of their own, and leave a doubt.
    """
    tally = Tally(calendar)
    timeline = timeline_of(line, known, known.joins, tally)
    frames = timeline.taken_back(_ANY_TIME)
    if frames is None:
        return [], known.changed(Tally(calendar), doubts=1)
    return sorted(frames), rebuilt(known, timeline, tally, known.joins)


def _received(frames: list[Frame], line: LineName, known: FrameAccount, calendar: DayCalendar) -> FrameAccount:
    """Return the account with ``frames`` of another source; none of them is late, they were accounted elsewhere."""
    for frame in frames:
        tally = Tally(calendar)
        timeline = timeline_of(line, known, known.joins, tally)
        if any(each.network_ns == frame.network_ns for each in timeline.copies_of(frame)):
            continue
        if timeline.place(frame) is None:
            tally = Tally(calendar)
            timeline = timeline_of(line, known, known.joins, tally)
            if settle(timeline, frame) is not Verdict.LATE:
                known = known.changed(Tally(calendar), doubts=1)
                continue
        known = rebuilt(known, timeline, tally, known.joins)
    return known


def _put(frame: Frame, place: _Place, accounts: Accounts, calendar: DayCalendar) -> Accounted:
    verdict, known = put(frame, place.line, accounts.get(place.source, _NO_FRAMES), calendar)
    return Accounted(verdict, place.source, {**accounts, place.source: known})
