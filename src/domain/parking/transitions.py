"""The transitions of a spot, from all that is known of it: reports in any order, lost frames, restarts."""

from collections.abc import Iterable, Sequence

from msgspec import Struct

from domain.parking.spot_report import Gap, ReportKind, SpotReport
from domain.parking.transition import Transition

_SAME_NS = 60 * 1_000_000_000
"""Sensors count durations in up to a minute; no car stays for less."""

_NEARLY = 0.9
"""The registry allows a little more than the interval of the heartbeat, which is often a day."""


class Evidence(Struct, frozen=True):
    """What the reports of a spot say once restarts are weighed: a pure function of their set, not of their order."""

    first: SpotReport | None
    """The first that can be believed; None: there is none yet."""
    transitions: Sequence[Transition]
    """From each report that can be believed to the next, oldest first."""
    doubtful: SpotReport | None
    """A startup after the last of them that contradicts it: since then nobody knows."""
    lost_after: int
    """Frames lost after the last report."""

    @property
    def last(self) -> SpotReport | None:
        """The newest report that can be believed."""
        return self.transitions[-1].after if self.transitions else self.first


def evidence(reports: Iterable[SpotReport], gaps: Iterable[Gap] = (), heartbeat_ns: int = 0) -> Evidence:
    """Return what ``reports`` say.

    A startup that repeats the state before is believed; one that contradicts it is not: a sensor that begins anew calls
    a spot free before it has measured.

    Args:
        reports: in any order.
        gaps: frames lost between them.
        heartbeat_ns: how long the sensor is silent at most; 0: not known.
    """
    lost = tuple(gaps)
    first: SpotReport | None = None
    last: SpotReport | None = None
    doubtful: SpotReport | None = None
    transitions: list[Transition] = []
    for report in _in_order(_with_previous(tuple(reports))):
        starts = report.kind is ReportKind.STARTUP
        if starts and (last is None or last.occupied is not report.occupied):
            doubtful = report
            continue
        if last is None:
            first = report
        else:
            frames = 0 if _is_unbroken(last, report) else _lost(lost, last.event_ns, report.event_ns)
            restarted = starts or doubtful is not None
            transitions.append(
                Transition(last, report, frames, restarted, _may_be_heartbeat(last, report, heartbeat_ns))
            )
        last, doubtful = report, None
    after = _lost(lost, last.event_ns, None) if last else 0
    return Evidence(first, transitions, doubtful, after)


def _with_previous(reports: Sequence[SpotReport]) -> Iterable[SpotReport]:
    """Yield ``reports``, and for each that tells how long the state before it lasted also the beginning of that."""
    yield from reports
    for report in reports:
        if report.previous_ns:
            began = SpotReport(report.event_ns - report.previous_ns, not report.occupied, ReportKind.CHANGE)
            if not any(_is_of(began, each) for each in reports):
                yield began


def _is_of(began: SpotReport, report: SpotReport) -> bool:
    """Say whether ``report`` told the change that another one dates to ``began``."""
    return report.occupied is began.occupied and abs(report.event_ns - began.event_ns) <= _SAME_NS


def _in_order(reports: Iterable[SpotReport]) -> Iterable[SpotReport]:
    """Return ``reports`` oldest first, one for each instant."""
    ordered = sorted(reports, key=lambda each: (each.event_ns, each.kind, each.occupied))
    return {each.event_ns: each for each in ordered}.values()


def _is_unbroken(before: SpotReport, after: SpotReport) -> bool:
    """Say whether the later report asserts that the state before it lasted since the earlier one."""
    return bool(after.previous_ns) and before.event_ns + _SAME_NS >= after.event_ns - (after.previous_ns or 0)


def _may_be_heartbeat(before: SpotReport, after: SpotReport, heartbeat_ns: int) -> bool:
    if not heartbeat_ns or after.kind is not ReportKind.UNKNOWN:
        return False
    return after.event_ns - before.event_ns >= heartbeat_ns * _NEARLY


def _lost(gaps: Sequence[Gap], from_ns: int, until_ns: int | None) -> int:
    """Return how many frames were lost somewhere between two instants."""
    return sum(gap.frames for gap in gaps if gap.until_ns > from_ns and (until_ns is None or gap.from_ns < until_ns))
