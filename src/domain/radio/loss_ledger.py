"""From frame accounts to rows of the loss ledger: which days changed, and who is presumed to have lost what."""

from collections.abc import Sequence

from domain.identifiers import DevEui
from domain.radio.attribution import Lost, Outage, lost
from domain.radio.day_calendar import DayCalendar
from domain.radio.frame_account import FrameAccount
from domain.radio.frame_counts import NO_FRAMES, FrameCounts
from domain.radio.loss_day import Gap, LossDay
from domain.radio.runs import Run, of_day
from domain.radio.unheard import unparsed_seconds

_S = 1_000_000_000
_NOTHING_LOST = Lost()


class LossLedger:
    """Makes rows of accounts: knows the city's calendar, and the recorded outages."""

    def __init__(self, calendar: DayCalendar, outages: Sequence[Outage] = ()) -> None:
        self.calendar = calendar
        """What a day is."""
        self._outages = outages

    def changed(
        self, dev_eui: DevEui, source: str, before: FrameAccount, after: FrameAccount, written_us: int
    ) -> list[LossDay]:
        """Return the days on which ``after`` counts otherwise than ``before``."""
        if after.past == before.past and after.day == before.day and after.unparsed == before.unparsed:
            if after.today == before.today and after.doubts == before.doubts:
                return []
            return [self._row(dev_eui, source, after.day, after.today, after, written_us)]
        days, known = after.by_day(), before.by_day()
        oldest = min(days, default=after.day)
        changed = {day for day, counts in days.items() if known.get(day) != counts}
        changed |= {day for day in known if day not in days and day >= oldest}
        if after.unparsed != before.unparsed:
            changed |= {day for day, counts in days.items() if counts.missing}
        return [self._row(dev_eui, source, day, days.get(day, NO_FRAMES), after, written_us) for day in sorted(changed)]

    def days(self, dev_eui: DevEui, source: str, account: FrameAccount, written_us: int) -> list[LossDay]:
        """Return all days that are kept, oldest first."""
        return [
            self._row(dev_eui, source, day, counts, account, written_us) for day, counts in account.by_day().items()
        ]

    def _row(
        self, dev_eui: DevEui, source: str, day: int, counts: FrameCounts, account: FrameAccount, written_us: int
    ) -> LossDay:
        gaps: tuple[Gap, ...] = ()
        booked = _NOTHING_LOST
        if counts.missing:
            kept = [*(each.missing_runs for each in account.segments), account.closed_runs]
            runs = [run for each in kept if each for run in of_day(each, day, self.calendar)]
            outages = [each for each in self._outages if each.source == source]
            booked = lost(runs, outages, unparsed_seconds(account))
            gaps = tuple([_gap(run) for run in sorted(runs, key=_when)])
        return LossDay(
            dev_eui,
            day,
            source,
            written_us,
            counts.received,
            counts.missing - booked.network - booked.ingest,
            booked.network,
            booked.ingest,
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
            gaps,
        )


def _when(run: Run) -> tuple[int, int, int]:
    return run.until_s, run.since_s, run.first


def _gap(run: Run) -> Gap:
    return Gap(run.since_s * _S, run.until_s * _S, run.missing)
