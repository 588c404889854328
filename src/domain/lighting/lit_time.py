"""Burning hours computed from states: what the controller said of the lamp, on or off, and when it had power."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from itertools import zip_longest

from msgspec import Struct

from domain.lighting.burning_hours import BurningHours, Origin, Shortcoming
from domain.lighting.intervals import Intervals, clipped, length_ns


class LitReport(Struct, frozen=True, gc=False):
    """Whether a lamp burned at an instant: ``lamp.on``, else a dim level above zero."""

    event_ns: int
    is_lit: bool


class LitTime(Struct, frozen=True, gc=False):
    """How the time of a window was spent; the three always add up to it."""

    lit_ns: int
    dark_ns: int
    unknown_ns: int


def lit_time(
    reports: Iterable[LitReport], powered: Intervals, since_ns: int, until_ns: int, longest_hold_ns: int
) -> LitTime:
    """Return how ``[since_ns, until_ns)`` was spent.

    What was said holds until something else is said, the circuit loses its power, or ``longest_hold_ns`` have passed.
    A lamp without power is dark, whatever it said before.

    Args:
        reports: also those from before the window.
        powered: when the circuit had power.
        since_ns: begin of the window.
        until_ns: its end, not beyond the present.
        longest_hold_ns: for how long a state may be believed that nobody repeats.
    """
    in_window = clipped(powered, since_ns, until_ns)
    lit_ns = known_ns = 0
    for report, start_ns, end_ns in _held(reports, powered, longest_hold_ns):
        held_ns = max(min(end_ns, until_ns) - max(start_ns, since_ns), 0)
        known_ns += held_ns
        lit_ns += held_ns if report.is_lit else 0
    powered_ns = length_ns(in_window)
    window_ns = max(until_ns - since_ns, 0)
    return LitTime(lit_ns, window_ns - powered_ns + known_ns - lit_ns, powered_ns - known_ns)


def computed_hours(
    reports: Iterable[LitReport], powered: Intervals, since_ns: int, until_ns: int, longest_hold_ns: int
) -> BurningHours:
    """Return the burning hours of ``[since_ns, until_ns)`` as the states tell them; arguments as of ``lit_time``."""
    time = lit_time(reports, powered, since_ns, until_ns, longest_hold_ns)
    lacking = (Shortcoming.STATE_UNKNOWN,) if time.unknown_ns else ()
    return BurningHours(Origin.COMPUTED, time.lit_ns, time.unknown_ns, lacking)


def _held(
    reports: Iterable[LitReport], powered: Intervals, longest_hold_ns: int
) -> Iterator[tuple[LitReport, int, int]]:
    """Yield each report with the time for which it holds."""
    ordered = sorted(reports, key=lambda each: (each.event_ns, each.is_lit))
    starts_ns = [start_ns for start_ns, _ in powered]
    for report, after in zip_longest(ordered, ordered[1:]):
        number = bisect_right(starts_ns, report.event_ns)
        off_ns = powered[number - 1][1] if number else report.event_ns
        if off_ns <= report.event_ns:
            continue  # it says something of a lamp that had no power then, by plan: its clock or the plan is wrong
        until_ns = min(off_ns, report.event_ns + longest_hold_ns)
        yield report, report.event_ns, until_ns if after is None else min(until_ns, after.event_ns)
