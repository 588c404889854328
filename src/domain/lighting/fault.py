"""Faults of lamps: when they began, when they were repaired, and how long that took, as far as it can be known.

Two kinds of flags tell of faults. A present one says how it is at its instant. A latched one (its channel ends in
``latched``) says that it was so at some time in the last 24 hours, and may be over. A driver that was without power and
says so (bit 7 of its DALI status) has no fault: that is how it comes back when its circuit is switched on.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from msgspec import Struct

from domain.between import Between

_LATCH_NS = 24 * 3_600 * 1_000_000_000
_LATCHED = "latched"
_POWER = "power"


class FaultReport(Struct, frozen=True, gc=False):
    """One reading of ``lamp.fault``."""

    event_ns: int
    channel: str
    """What is faulty and, where the controller has several, at which address: ``lamp.dali3``, ``bus``."""
    is_faulty: bool


class Fault(Struct, frozen=True, gc=False):
    """From its beginning to its end, both within bounds."""

    channel: str
    since: Between
    until: Between | None
    """None: it lasts."""
    is_latched: bool
    """It was seen by a flag that is kept for a day: it may have been over long before the flag went."""

    def shortest_ns(self, at_ns: int) -> int:
        """Return how long it took to repair at least; of one that lasts, until ``at_ns``."""
        if self.until is None:
            return 0 if self.is_latched else max(at_ns - self.since.latest_ns, 0)
        return max((self.until.earliest_ns or 0) - self.since.latest_ns, 0)

    def longest_ns(self, at_ns: int) -> int | None:
        """Return how long it took to repair at most; None: nobody saw it begin."""
        if self.since.earliest_ns is None:
            return None
        return (at_ns if self.until is None else self.until.latest_ns) - self.since.earliest_ns


def faults(reports: Iterable[FaultReport], lamp_channel: str = "", taken_out_ns: int | None = None) -> Sequence[Fault]:
    """Return the faults of the lamp at ``lamp_channel`` of its controller, by their beginning.

    What stood when the controller was taken out, at ``taken_out_ns``, has ended by then: the next one tells anew.
    """
    by_channel: dict[str, list[FaultReport]] = defaultdict(list)
    for report in sorted(reports, key=lambda each: (each.event_ns, each.is_faulty)):
        if concerns(report.channel, lamp_channel):
            by_channel[report.channel].append(report)
    found = [fault for channel, said in by_channel.items() for fault in _of_channel(channel, said)]
    if taken_out_ns is not None:
        found = [_ended_by(fault, by_channel[fault.channel][-1].event_ns, taken_out_ns) for fault in found]
    return sorted(found, key=lambda fault: (fault.since.latest_ns, fault.channel))


def _ended_by(fault: Fault, told_ns: int, taken_out_ns: int) -> Fault:
    """Return ``fault``, last told at ``told_ns``, as it is known once its controller was taken out."""
    if fault.until is not None:
        return fault
    earliest_ns = max(told_ns - _LATCH_NS, fault.since.earliest_ns or 0) if fault.is_latched else told_ns
    return Fault(fault.channel, fault.since, Between(earliest_ns, max(taken_out_ns, earliest_ns)), fault.is_latched)


def concerns(channel: str, lamp_channel: str) -> bool:
    """Say whether a fault at ``channel`` is one of the lamp at ``lamp_channel``; empty: the controller's only lamp."""
    what, _, where = channel.removesuffix(_LATCHED).rstrip(".").partition(".")
    return what != _POWER and (not lamp_channel or where in {"", "dali_all", lamp_channel})


def is_latched(channel: str) -> bool:
    """Say whether ``channel`` is a flag that is kept for 24 hours."""
    return channel.endswith(_LATCHED)


def _of_channel(channel: str, said: Sequence[FaultReport]) -> list[Fault]:
    kept = is_latched(channel)
    found: list[Fault] = []
    before: FaultReport | None = None
    for report in said:
        if report.is_faulty and (before is None or not before.is_faulty):
            found.append(Fault(channel, _began(before, report, is_latched=kept), None, kept))
        elif before is not None and before.is_faulty and not report.is_faulty:
            found[-1] = Fault(channel, found[-1].since, _ended(found[-1], before, report), kept)
        before = report
    return found


def _began(before: FaultReport | None, report: FaultReport, *, is_latched: bool) -> Between:
    """Return when a fault began: after the report that knew none, and within the memory of the flag."""
    known_ns = None if before is None else before.event_ns
    if is_latched:
        remembered_ns = report.event_ns - _LATCH_NS
        known_ns = remembered_ns if known_ns is None else max(known_ns, remembered_ns)
    return Between(known_ns, report.event_ns)


def _ended(fault: Fault, before: FaultReport, report: FaultReport) -> Between:
    """Return when a fault ended: a latched flag goes a day after the last that it remembers."""
    if not fault.is_latched:
        return Between(before.event_ns, report.event_ns)
    earliest_ns = max(before.event_ns - _LATCH_NS, fault.since.earliest_ns or 0)
    return Between(earliest_ns, max(report.event_ns - _LATCH_NS, earliest_ns))
