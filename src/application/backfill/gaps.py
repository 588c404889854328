"""Gaps in the counters of single devices, from the loss ledger: the connection was there, and yet frames are missing.

Most of them the radio has lost. The store is asked for each once: what it does not have either stays with the radio.
"""

import asyncio
from collections.abc import Sequence

from msgspec import Struct

from application.backfill.plan import Plan
from application.ports.backfill_book import Window
from application.ports.loss_days import LossDays
from domain.identifiers import DevEui
from domain.radio import UTC_DAYS, DayCalendar, LossDay

_AT_ONCE = 1_000
_NS_PER_US = 1_000
_SECOND_US = 1_000_000
_DEVICES_REMEMBERED = 1_000_000


class DeviceGaps(Struct, frozen=True):
    """The gaps of one device that were not asked for yet, as one time."""

    dev_eui: DevEui
    since_us: int
    until_us: int
    missing: int


class GapSearch:
    """Remembers which gaps were asked for, as long as the process lives; see ``GapMark`` for what is known after."""

    def __init__(self, losses: LossDays, plan: Plan, calendar: DayCalendar = UTC_DAYS) -> None:
        """Take the ledger, how gently, and what a day of the ledger is."""
        self._losses = losses
        self._plan = plan
        self._calendar = calendar
        self._asked: dict[DevEui, int] = {}

    async def since(self, mark_us: int, windows: Sequence[Window], now_us: int) -> list[DeviceGaps]:
        """Return gaps that end after ``mark_us`` and lie in no window of the whole source, the oldest first.

        Raises:
            Unavailable: the ledger cannot be read now.
        """
        whole = [each for each in windows if not each.dev_eui and each.source == self._plan.source]
        found: dict[DevEui, DeviceGaps] = {}
        # A gap belongs to the day of the frame that ended it. What the store has forgotten is not looked for: of a year
        # in which nobody backfilled that would be hours.
        first_us = max(mark_us, now_us - self._plan.retention_us)
        for day in range(self._calendar.day(first_us * _NS_PER_US), self._calendar.day(now_us * _NS_PER_US) + 1):
            after = ("", "")
            while rows := await self._losses.of_day(day, size=_AT_ONCE, after=after):
                for row in rows:
                    if row.runs and row.source == self._plan.source:
                        self._add(found, row, mark_us, whole, now_us)
                after = rows[-1].dev_eui, rows[-1].source
                await asyncio.sleep(0)
        return sorted(found.values(), key=lambda each: (each.since_us, each.dev_eui))

    def asked(self, gaps: DeviceGaps) -> None:
        """Remember that the store has told what it has of them."""
        if len(self._asked) >= _DEVICES_REMEMBERED:
            self._asked.clear()  # some are asked for once more
        self._asked[gaps.dev_eui] = max(gaps.until_us, self._asked.get(gaps.dev_eui, 0))

    def _add(
        self, found: dict[DevEui, DeviceGaps], row: LossDay, mark_us: int, whole: Sequence[Window], now_us: int
    ) -> None:
        plan, oldest_us = self._plan, max(mark_us, self._asked.get(row.dev_eui, 0))
        for gap in row.gaps:
            since_us, until_us = gap.since_ns // _NS_PER_US, gap.until_ns // _NS_PER_US + _SECOND_US
            is_new = oldest_us < until_us <= now_us - plan.gap_settle_us and until_us > now_us - plan.retention_us
            if not is_new or any(each.since_us <= since_us and until_us <= each.until_us for each in whole):
                continue
            known = found.get(row.dev_eui)
            if known is not None:
                since_us, until_us = min(since_us, known.since_us), max(until_us, known.until_us)
            missing = gap.missing + (known.missing if known is not None else 0)
            found[row.dev_eui] = DeviceGaps(row.dev_eui, since_us, until_us, missing)
