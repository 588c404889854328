"""Backfill of one source: its windows first, then the gaps of single devices, gently; what expires is an alarm."""

import asyncio
import logging
from collections.abc import Callable, Coroutine, Sequence

from application.backfill.copying import Copying, Means, StoreFailed
from application.backfill.gaps import DeviceGaps
from application.backfill.health import Due, due
from application.backfill.plan import Plan
from application.backfill.windows import failed, fetched, given_up, together
from application.errors import Refused
from application.ports.backfill_book import Entry, GapMark, Window
from application.ports.uplink_storage import Asked
from application.stopping import stopped_within
from domain.rfc3339 import format_rfc3339

_log = logging.getLogger(__name__)

_GAPS_AT_ONCE = 10
"""Gaps asked for before windows are looked for again."""
_REFUSED_US = 600_000_000
"""Somebody has to mend a setting: ten minutes until it is tried again."""
_S = 1_000_000
_YEAR_US = 400 * 86_400 * _S
_MINUTE_S = 60.0
_NS_PER_US = 1_000


def _nothing(_: str) -> None:
    """Pass a crash point."""


class Backfill:
    """Looks into its book again and again, and fetches what is due.

    Args:
        plan: whom to ask, how gently.
        means: what it works with.
        ends_refused: whether a store that will not have us ends ``run``; else it is tried again after a while.
        at: told ``page_appended`` and ``slice_noted``, where a kill is tried.
    """

    def __init__(
        self, plan: Plan, means: Means, *, ends_refused: bool = False, at: Callable[[str], None] = _nothing
    ) -> None:
        self._plan = plan
        self._means = means
        self._ends_refused = ends_refused
        self._at = at
        self._stopped = asyncio.Event()
        self._told: set[tuple[str, str]] = set()
        self._pending: list[DeviceGaps] = []
        self._searched_us = 0
        self._searching_through_us = 0
        self._gaps_not_before_us = 0
        self._copying = Copying(plan, means, at)
        self.counts = self._copying.counts
        self.due: Sequence[Due] = ()
        """What is still to be fetched, as of the last look."""

    def stop(self) -> None:
        """End ``run``; what is in hand is broken off, and fetched after the next start."""
        self._stopped.set()

    async def run(self) -> None:
        """Fetch what is due, again and again, until ``stop``.

        Raises:
            Unavailable: our own log, book or ledger cannot be read or written now.
            Refused: the store will not have us, if that is to end it.
        """
        while not self._stopped.is_set():
            await self._unless_stopped(self.round())
            await stopped_within(self._stopped, self._plan.poll_s)

    async def round(self) -> None:
        """Fetch what is due now.

        Raises:
            Unavailable, Refused: as ``run``.
        """
        entries = [each for each in await self._means.book.entries() if each.source == self._plan.source]
        windows = [each for each in entries if isinstance(each, Window)]
        self._look_at_expiry(entries)
        for group in together(each for each in windows if self._is_ready(each)):
            if self._stopped.is_set():
                return
            await self._fetch(group)
        await self._forget_old(windows)
        if self._plan.gaps_every_us:
            await self._look_for_gaps(entries, windows)

    def _is_ready(self, window: Window) -> bool:
        now_us = self._means.clock.now_us()
        return window.is_open and now_us >= max(window.until_us + self._plan.settle_us, window.next_us)

    async def _fetch(self, group: list[Window]) -> None:
        """Fetch a group of windows slice by slice; what is remembered as fetched is in the log."""
        plan, means = self._plan, self._means
        begin_us, end_us = group[0].begins_us, max(each.until_us for each in group)
        while begin_us < end_us and not self._stopped.is_set():
            until_us = min(begin_us + plan.slice_us, end_us)
            try:
                messages = await self._copying.copy(Asked(begin_us, until_us), group[0].dev_eui)
            except StoreFailed as error:
                await self._note_failure(group, error)
                return
            now_us = means.clock.now_us()
            if messages is None:
                await means.book.put(
                    given_up(group, "the source has no name for the device: was it ever heard?", now_us)
                )
                return
            changed = fetched(group, until_us, messages, now_us, now_us - plan.retention_us)
            await means.book.put(changed)
            self._at("slice_noted")
            news = {each.key: each for each in changed}
            group = [news.get(each.key, each) for each in group]
            begin_us = until_us
        for window in group:
            if not window.is_open:
                _log.info("%s: fetched %d messages of %s", plan.source, window.messages, _span(window))
                if window.trouble:
                    _log.warning("%s: %s: %s", plan.source, _span(window), window.trouble)

    async def _note_failure(self, group: Sequence[Window], error: StoreFailed) -> None:
        now_us = self._means.clock.now_us()
        pause_us = _REFUSED_US if error.refused else self._plan.pause_us(group[0].tries + 1)
        await self._means.book.put(failed(group, error.why, pause_us, now_us))
        self._say_failure(error)

    def _say_failure(self, error: StoreFailed) -> None:
        if error.refused and self._ends_refused:
            raise Refused(error.why)
        _log.log(logging.ERROR if error.refused else logging.WARNING, "%s: %s", self._plan.source, error.why)

    async def _look_for_gaps(self, entries: Sequence[Entry], windows: Sequence[Window]) -> None:
        plan, means = self._plan, self._means
        now_us = means.clock.now_us()
        if now_us < self._gaps_not_before_us:
            return
        if not self._pending:
            if now_us < self._searched_us + plan.gaps_every_us:
                return
            self._searched_us = now_us
            self._searching_through_us = now_us - plan.gap_settle_us - plan.gap_lookback_us
            self._pending = await means.gaps.since(self._mark_us(entries, now_us), windows, now_us)
        for gaps in self._pending[:_GAPS_AT_ONCE]:
            try:
                await self._copying.copy(Asked(gaps.since_us, gaps.until_us), gaps.dev_eui)
            except StoreFailed as error:
                self._gaps_not_before_us = now_us + (_REFUSED_US if error.refused else plan.first_pause_us)
                mark_us = self._mark_us(entries, now_us)
                await means.book.put([GapMark(plan.source, mark_us, now_us, error.why)])
                self._say_failure(error)
                return
            means.gaps.asked(gaps)
            await stopped_within(self._stopped, _MINUTE_S / plan.requests_per_minute)
        del self._pending[:_GAPS_AT_ONCE]
        if not self._pending:
            await means.book.put([GapMark(plan.source, self._searching_through_us, means.clock.now_us())])

    def _mark_us(self, entries: Sequence[Entry], now_us: int) -> int:
        """Return up to when gaps were asked for; of a source that is new to us those of its last hour are."""
        marks = [each.through_us for each in entries if isinstance(each, GapMark)]
        return max(marks, default=now_us - self._plan.gap_settle_us - self._plan.gap_lookback_us)

    async def _forget_old(self, windows: Sequence[Window]) -> None:
        """Forget windows that were fetched as long ago as the store keeps anything: no gap lies in them any more.

        What was lost for good is remembered for a year and more, as long as the ledger can be asked.
        """
        now_us, plan = self._means.clock.now_us(), self._plan
        oldest_us = now_us - plan.retention_us - plan.gap_lookback_us
        old = [each for each in windows if 0 < each.fetched_us < oldest_us]
        await self._means.book.forget(
            [each for each in old if not each.lost_until_us or each.fetched_us < now_us - _YEAR_US]
        )

    def _look_at_expiry(self, entries: Sequence[Entry]) -> None:
        """Say once of each window that it is about to expire, and once that it has."""
        self.due = due(entries, {self._plan.source: self._plan}, self._means.clock.now_us())
        for each in self.due:
            if not each.state.is_well and (each.key, each.state) not in self._told:
                self._told.add((each.key, each.state))
                _log.warning("%s: %s", self._plan.source, expiry_text(each))

    async def _unless_stopped(self, work: Coroutine[None, None, None]) -> None:
        """Let ``work`` be done, or break it off on ``stop``: nobody waits for a store, or for minutes of copying."""
        working, stopping = asyncio.create_task(work), asyncio.create_task(self._stopped.wait())
        try:
            await asyncio.wait({working, stopping}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            stopping.cancel()
            if not working.done():
                working.cancel()
                await asyncio.wait({working})
        if not working.cancelled():
            working.result()


def expiry_text(each: Due) -> str:
    """Return what is still to be fetched, until when it can be, and why it was not."""
    what = "gaps" if each.what == "gaps" else "messages"
    since, until = format_rfc3339(each.since_us * _NS_PER_US), format_rfc3339(each.until_us * _NS_PER_US)
    expires = format_rfc3339(each.expires_us // _S * _S * _NS_PER_US)
    why = f": {each.trouble}" if each.trouble else ""
    return (
        f"{what} from {since} to {until} are not fetched ({each.state}); the store forgets them from {expires} on{why}"
    )


def _span(window: Window) -> str:
    since, until = format_rfc3339(window.since_us * _NS_PER_US), format_rfc3339(window.until_us * _NS_PER_US)
    return f"{since} to {until}" + (f", device {window.dev_eui}" if window.dev_eui else "")
