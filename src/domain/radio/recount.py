"""Recount: the account of a device from its whole history, for what came too late to be put in its place."""

from collections.abc import Iterable

from domain.radio.accounting import account, mark_undecodable
from domain.radio.activating import activate
from domain.radio.day_calendar import DayCalendar
from domain.radio.frame_account import FrameAccount
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
