"""What changes in the counts of days while frames are put in their place."""

from typing import NamedTuple

from domain.radio import day_counts
from domain.radio.day_calendar import DayCalendar
from domain.radio.frame_counts import NO_FRAMES, FrameCounts
from domain.radio.recent_frames import COPY, EMPTY, UNDECODABLE
from domain.radio.runs import Run

_FIELD = {name: index for index, name in enumerate(FrameCounts.__struct_fields__)}
_NONE = (0,) * len(_FIELD)


class DayTotals(NamedTuple):
    """Counts by day, as an account keeps them."""

    before: FrameCounts
    """Of all days before the newest."""
    day: int
    """The newest day."""
    today: FrameCounts
    """Its counts."""
    past: bytes
    """The days before it, one by one; see ``day_counts``."""


class Tally:
    """Collects changes; nothing is counted until ``applied``."""

    __slots__ = ("_calendar", "_changes")

    def __init__(self, calendar: DayCalendar) -> None:
        self._calendar = calendar
        self._changes: dict[int, list[int]] = {}

    def count(self, what: str, network_ns: int, number: int = 1) -> None:
        """Count ``number`` more (or less) of ``what``, a field of the counts, on the day of ``network_ns``."""
        self._add(self._calendar.day(network_ns), what, number)

    def frame(self, network_ns: int, mark: int, number: int = 1) -> None:
        """Count a frame by its flags: a copy, or a received one that may be empty or undecodable."""
        day = self._calendar.day(network_ns)
        if mark & COPY:
            self._add(day, "duplicate", number)
            return
        self._add(day, "received", number)
        if mark & EMPTY:
            self._add(day, "empty", number)
        if mark & UNDECODABLE:
            self._add(day, "undecodable", number)

    def run(self, run: Run, number: int = 1) -> None:
        """Count the frames of a run as missing (or, with -1, no longer)."""
        self._add(self._calendar.day_of_second(run.until_s), "missing", number * run.missing)

    def start(self, network_ns: int, *, is_broken: bool, number: int = 1) -> None:
        """Count the start of a segment."""
        self.count("breaks" if is_broken else "sessions", network_ns, number)

    def applied(self, totals: DayTotals) -> DayTotals:
        """Return ``totals`` with all changes."""
        changes = {day: change for day, change in self._changes.items() if any(change)}
        if not changes:
            return totals
        newest = max(changes)
        if newest > totals.day:
            totals = next_day(totals, newest)
        today = _sum(totals.today, changes.pop(totals.day, _NONE))
        if not changes:
            return DayTotals(totals.before, totals.day, today, totals.past)
        before, past = totals.before, day_counts.unpacked(totals.past)
        for day, change in changes.items():
            before = _sum(before, change)
            past[day] = _sum(past.get(day, NO_FRAMES), change)
        # What is taken back from a day that is no longer kept must not leave a day below zero.
        kept = {day: counts for day, counts in past.items() if min(_values(counts)) >= 0}
        return DayTotals(before, totals.day, today, day_counts.repacked(kept))

    def _add(self, day: int, what: str, number: int) -> None:
        change = self._changes.get(day)
        if change is None:
            change = self._changes[day] = [*_NONE]
        change[_FIELD[what]] += number


def next_day(totals: DayTotals, day: int) -> DayTotals:
    """Return ``totals`` with the newest day among those of before, and ``day`` begun."""
    past = day_counts.with_day(totals.past, totals.day, totals.today) if totals.today != NO_FRAMES else totals.past
    return DayTotals(totals.before.plus(totals.today), day, NO_FRAMES, past)


def _values(counts: FrameCounts) -> list[int]:
    return [getattr(counts, name) for name in _FIELD]


def _sum(counts: FrameCounts, change: "list[int] | tuple[int, ...]") -> FrameCounts:
    return counts.plus(FrameCounts(*change))
