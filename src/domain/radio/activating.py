"""What a join, told sooner or later, changes in the account."""

from domain.radio.day_calendar import UTC_DAYS, DayCalendar
from domain.radio.frame_account import FrameAccount
from domain.radio.placing import rebuilt, timeline_of
from domain.radio.recent_frames import Frame
from domain.radio.sessions import CLOCK_NS, Joins, with_join
from domain.radio.tally import Tally
from domain.radio.uplink import Activation


def activate(activation: Activation, known: FrameAccount, calendar: DayCalendar = UTC_DAYS) -> FrameAccount:
    """Return the account after a join; its first uplink may have come before it.

    ``known`` itself comes back where the join is no news: told before, or older than all that are kept.
    """
    joins = with_join(known.joins, activation)
    if set(joins) <= set(known.joins) or any(activation.session == join.session != "" for join in known.joins):
        return known
    if activation.session:
        return _claimed(activation, known, joins, calendar)
    names = {each.session for each in known.segments}
    for name in sorted(names & {activation.dev_addr, ""} if activation.dev_addr else names):
        known = _divided(activation, name, known, joins, calendar)
    return known.changed(Tally(calendar), joins=joins)


def _claimed(activation: Activation, known: FrameAccount, joins: Joins, calendar: DayCalendar) -> FrameAccount:
    """Return the account with the first segment of a named session claimed from zero."""
    tally = Tally(calendar)
    timeline = timeline_of(activation.session, known, joins, tally, is_named=True)
    if timeline.drafts and not timeline.drafts[0].origin.is_broken:
        timeline.drafts[0].claim_from_zero(activation.network_ns)
    return rebuilt(known, timeline, tally, joins)


def _divided(
    activation: Activation, name: str, known: FrameAccount, joins: Joins, calendar: DayCalendar
) -> FrameAccount:
    """Return the account with the frames of a line divided by a join that was not known."""
    tally, begin_ns = Tally(calendar), activation.network_ns - CLOCK_NS
    timeline = timeline_of(name, known, joins, tally, is_named=False)
    if all(draft.last_ns < begin_ns for draft in timeline.drafts):
        return known
    followers = timeline.taken_back(Frame(begin_ns, -1, 0))
    if followers is not None:
        for each in sorted(followers):
            timeline.take(each)
        return rebuilt(known, timeline, tally, joins)
    tally = Tally(calendar)
    timeline = timeline_of(name, known, joins, tally, is_named=False)
    begun = next((draft for draft in timeline.drafts if draft.start_ns >= begin_ns), None)
    if begun is None:
        return known.changed(Tally(calendar), doubts=1)
    begun.start_counted(-1)
    begun.claim_from_zero(activation.network_ns)
    begun.start_counted()
    return rebuilt(known, timeline, tally, joins)
