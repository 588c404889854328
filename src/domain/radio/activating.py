"""What a join, told sooner or later, changes in the account."""

from domain.radio.day_calendar import UTC_DAYS, DayCalendar
from domain.radio.frame_account import FrameAccount
from domain.radio.placing import rebuilt, timeline_of
from domain.radio.recent_frames import Frame
from domain.radio.session_names import with_name
from domain.radio.sessions import CLOCK_NS, Joins, LineName, with_join
from domain.radio.tally import Tally
from domain.radio.uplink import Activation

_ANY_TIME_NS = -(1 << 63)


def activate(activation: Activation, known: FrameAccount, calendar: DayCalendar = UTC_DAYS) -> FrameAccount:
    """Return the account after a join; its first uplink may have come before it.

    ``known`` itself comes back where the join is no news: told before, or older than all that are kept.
    """
    joins = with_join(known.joins, activation)
    if set(joins) <= set(known.joins) or any(activation.session == join.session != "" for join in known.joins):
        return known
    if activation.session:
        known = with_name(activation.session, activation.dev_addr, known)
        return _claimed(activation, known, joins, calendar)
    names = {each.session for each in known.segments}
    for name in sorted(names & {activation.dev_addr, ""} if activation.dev_addr else names):
        known = _divided(activation, name, known, joins, calendar)
    return known.changed(Tally(calendar), joins=joins)


def _claimed(activation: Activation, known: FrameAccount, joins: Joins, calendar: DayCalendar) -> FrameAccount:
    """Return the account with the first segment of a named session claimed from zero."""
    line = LineName(activation.session, is_named=True, dev_addr=activation.dev_addr)
    retaken = _retaken(_ANY_TIME_NS, line, known, joins, calendar)
    if retaken is not None:
        return retaken
    tally = Tally(calendar)
    timeline = timeline_of(line, known, joins, tally)
    if not timeline.drafts[0].origin.is_broken:
        timeline.drafts[0].claim_from_zero(activation.network_ns)
    return rebuilt(known, timeline, tally, joins)


def _divided(
    activation: Activation, name: str, known: FrameAccount, joins: Joins, calendar: DayCalendar
) -> FrameAccount:
    """Return the account with the frames of a line divided by a join that was not known."""
    begin_ns = activation.network_ns - CLOCK_NS
    line = LineName(name, is_named=False)
    retaken = _retaken(begin_ns, line, known, joins, calendar)
    if retaken is not None:
        return retaken
    tally = Tally(calendar)
    timeline = timeline_of(line, known, joins, tally)
    begun = next((draft for draft in timeline.drafts if draft.start_ns >= begin_ns), None)
    if begun is None:
        return known.changed(tally, doubts=1)
    begun.start_counted(-1)
    begun.claim_from_zero(activation.network_ns)
    begun.start_counted()
    return rebuilt(known, timeline, tally, joins)


def _retaken(
    begin_ns: int, line: LineName, known: FrameAccount, joins: Joins, calendar: DayCalendar
) -> FrameAccount | None:
    """Return the account with the frames of a line from ``begin_ns`` on taken again; None: not all are remembered."""
    tally = Tally(calendar)
    timeline = timeline_of(line, known, joins, tally)
    followers = timeline.taken_back(Frame(begin_ns, -1, 0))
    if followers is None:
        return None
    for each in sorted(followers):
        timeline.take(each)
    return rebuilt(known, timeline, tally, joins)
