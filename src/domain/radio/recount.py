"""Recount: the account of a device from its whole history, for what came too late to be put in its place."""

from collections.abc import Iterable

from msgspec import Struct
from msgspec.structs import astuple, replace

from domain.identifiers import DevEui
from domain.radio import day_counts
from domain.radio.accounting import account, mark_undecodable
from domain.radio.activating import activate
from domain.radio.day_calendar import DayCalendar
from domain.radio.frame_account import FrameAccount
from domain.radio.frame_counts import NO_FRAMES, FrameCounts
from domain.radio.unheard import note
from domain.radio.uplink import Activation, ServerNotice, Uplink
from domain.radio.verdict import Verdict

Counted = Uplink | Activation | ServerNotice


def recounted(
    messages: Iterable[Counted], calendar: DayCalendar, undecodable: frozenset[tuple[int, int]] = frozenset()
) -> FrameAccount:
    """Return the account of one device at one source after ``messages``, in whatever order and however often they came.

    They are taken by network time, joins first of equals, so nothing is late. ``undecodable``: network time and counter
    of the frames whose payload nobody could read.
    """
    found = FrameAccount()
    for message in sorted(messages, key=_place):
        if isinstance(message, Activation):
            found = activate(message, found, calendar)
        elif isinstance(message, ServerNotice):
            found = note(message, found, calendar)
        else:
            verdict, found = account(message, found, calendar)
            if verdict is Verdict.NEW and (message.network_ns, message.f_cnt) in undecodable:
                found = mark_undecodable(found, message, calendar)
    return found


def _place(message: Counted) -> tuple[int, bool, int]:
    is_uplink = isinstance(message, Uplink)
    return message.network_ns, is_uplink, message.f_cnt if isinstance(message, Uplink) else 0


class Recounted(Struct, frozen=True, gc=False, array_like=True):
    """The accounts of a device as its raw messages say; they take the place of those it has."""

    dev_eui: DevEui
    through_offset: int
    """Position in the uplink log of the last message of the device that was counted."""
    accounts: dict[str, FrameAccount]
    """By source."""


def replaced(known: FrameAccount, anew: FrameAccount) -> FrameAccount:
    """Return ``anew`` with what it cannot know: days before the raw log begins, and in which order frames came.

    The first day of the raw log stays as it was, where days before it are known: it may be there in part.
    """
    before, fresh = known.by_day(), anew.by_day()
    if not fresh:
        return known
    first = min(fresh)
    if before and min(before) < first:
        del fresh[first]
    days = {day: counts for day, counts in before.items() if day <= first and day not in fresh}
    days |= {day: _with_order(counts, before.get(day, NO_FRAMES)) for day, counts in fresh.items()}
    older = _sum([known.counts, *(_negative(counts) for counts in before.values())])
    newest = max(days)
    today = days.pop(newest)
    return replace(
        anew,
        before=_sum([older, *days.values()]),
        day=newest,
        today=today,
        past=day_counts.repacked(days),
    )


def _with_order(counts: FrameCounts, known: FrameCounts) -> FrameCounts:
    late = min(known.late, counts.received)
    recovered = min(max(known.recovered, counts.recovered), counts.received)
    return replace(counts, late=late, recovered=recovered, redelivered=known.redelivered)


def _sum(several: Iterable[FrameCounts]) -> FrameCounts:
    total = NO_FRAMES
    for each in several:
        total = total.plus(each)
    return total


def _negative(counts: FrameCounts) -> FrameCounts:
    return FrameCounts(*(-number for number in astuple(counts)))
