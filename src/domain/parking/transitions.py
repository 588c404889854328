"""The transitions of a spot, from all that is known of it: reports in any order, lost frames, restarts."""

from bisect import bisect_left
from collections.abc import Iterable, Sequence

from msgspec import Struct

from domain.parking.lost_frames import LostFrames
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
    lost = LostFrames(gaps)
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
            frames = 0 if _is_unbroken(last, report) else lost.between(last.event_ns, report.event_ns)
            restarted = starts or doubtful is not None
            transitions.append(
                Transition(last, report, frames, restarted, _may_be_heartbeat(last, report, heartbeat_ns))
            )
        last, doubtful = report, None
    after = lost.between(last.event_ns, None) if last else 0
    return Evidence(first, transitions, doubtful, after)


def _with_previous(reports: Sequence[SpotReport]) -> Iterable[SpotReport]:
    """Yield ``reports``, and for each that tells how long the state before it lasted also the beginning of that."""
    yield from reports
    told_ns = {
        state: sorted(report.event_ns for report in reports if report.occupied is state) for state in (False, True)
    }
    for report in reports:
        if report.previous_ns:
            began_ns, state = report.event_ns - report.previous_ns, not report.occupied
            if not _is_near(told_ns[state], began_ns):
                yield SpotReport(began_ns, state, ReportKind.CHANGE)


def _is_near(told_ns: Sequence[int], began_ns: int) -> bool:
    """Say whether one of the reports at ``told_ns`` told the change that another one dates to ``began_ns``."""
    index = bisect_left(told_ns, began_ns - _SAME_NS)
    return index < len(told_ns) and told_ns[index] <= began_ns + _SAME_NS


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
