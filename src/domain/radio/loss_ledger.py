"""From frame accounts to rows of the loss ledger: which days changed, and who is presumed to have lost what."""

from collections.abc import Sequence

from domain.identifiers import DevEui
from domain.radio.attribution import Outage, lost
from domain.radio.day_calendar import UTC_DAYS, DayCalendar
from domain.radio.day_counts import with_day
from domain.radio.frame_account import FrameAccount
from domain.radio.frame_counts import NO_FRAMES, FrameCounts
from domain.radio.loss_day import LossDay
from domain.radio.runs import between, unpacked
from domain.radio.unheard import unparsed_seconds


class LossLedger:
    """Makes rows of accounts: knows the city's calendar, and the recorded outages."""

    def __init__(self, calendar: DayCalendar = UTC_DAYS, outages: Sequence[Outage] = ()) -> None:
        self.calendar = calendar
        """What a day is."""
        self._outages = outages

    def changed(
        self, dev_eui: DevEui, source: str, before: FrameAccount, after: FrameAccount, written_us: int
    ) -> list[LossDay]:
        """Return the days on which ``after`` counts otherwise than ``before``: nearly always the newest alone."""
        if after.past != before.past or after.day != before.day or after.unparsed != before.unparsed:
            return self._changed_days(dev_eui, source, before, after, written_us)
        today, of_before = after.today, before.today
        # With nearly every frame one more was received, which is cheaper to see than that two counts are alike.
        if today.received == of_before.received and today == of_before and after.doubts == before.doubts:
            return []
        return [self._row(dev_eui, source, after.day, today, after, written_us)]

    def days(self, dev_eui: DevEui, source: str, account: FrameAccount, written_us: int) -> list[LossDay]:
        """Return all days that are kept, oldest first."""
        return [
            self._row(dev_eui, source, day, counts, account, written_us) for day, counts in account.by_day().items()
        ]

    def _changed_days(
        self, dev_eui: DevEui, source: str, before: FrameAccount, after: FrameAccount, written_us: int
    ) -> list[LossDay]:
        if after.unparsed == before.unparsed and after.past == with_day(before.past, before.day, before.today):
            return [self._row(dev_eui, source, after.day, after.today, after, written_us)]
        days, known = after.by_day(), before.by_day()
        oldest = min(days, default=after.day)
        changed = {day for day, counts in days.items() if known.get(day) != counts}
        changed |= {day for day in known if day not in days and day >= oldest}
        if after.unparsed != before.unparsed:
            changed |= {day for day, counts in days.items() if counts.missing}
        return [self._row(dev_eui, source, day, days.get(day, NO_FRAMES), after, written_us) for day in sorted(changed)]

    def _row(
        self, dev_eui: DevEui, source: str, day: int, counts: FrameCounts, account: FrameAccount, written_us: int
    ) -> LossDay:
        runs, missing, network, ingest = b"", counts.missing, 0, 0
        if missing:
            first_s, last_s = self.calendar.seconds_of(day)
            kept = [each.missing_runs for each in account.segments]
            runs = between([*kept, account.closed_runs], first_s, last_s)
            if self._outages or account.unparsed:
                _, network, ingest = lost(unpacked(runs), self._outages_of(source), unparsed_seconds(account))
        return LossDay(
            dev_eui,
            day,
            source,
            written_us,
            counts.received,
            missing - network - ingest,
            network,
            ingest,
            counts.empty,
            counts.undecodable,
            0,
            counts.recovered,
            counts.late,
            counts.duplicate,
            counts.redelivered,
            counts.breaks,
            counts.sessions,
            counts.server_only,
            account.doubts > 0,
            runs,
        )

    def _outages_of(self, source: str) -> list[Outage]:
        return [each for each in self._outages if each.source == source]
