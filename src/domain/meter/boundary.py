"""The register at a boundary: the last reading at or before it, unless that is too old; interpolated on request."""

from collections.abc import Mapping
from fractions import Fraction

from msgspec import Struct

from domain.meter.assignment import MeterAtPoint
from domain.meter.course import Course
from domain.meter.history import History
from domain.meter.reasons import Reason, Status
from domain.observation import Quality

LINEAR = "linear_interpolation"
AS_ENTERED = "entered"
_JITTER = 0.1
"""A device's clock and the air move a reading by less than a tenth of its interval; what comes later still is missing,
and the register would change if it came."""
_SKIPPED = 1.5
"""Intervals between two readings: by more of them, one was left out."""
_NS_PER_S = 10**9
_QUALITIES: Mapping[str, tuple[Status, str, Reason]] = {
    Quality.SUBSTITUTED: (Status.SUBSTITUTE, AS_ENTERED, Reason.ENTERED),
    Quality.DEVICE_FLAGGED: (Status.PROVISIONAL, "", Reason.DEVICE_FLAGGED),
}


class Policy(Struct, frozen=True):
    """How a register at a boundary is found."""

    max_age_ns: int
    """How old the last reading may be, and how young the next one if it is interpolated."""
    now_ns: int
    """Nothing is known of what lies behind it."""
    interpolate: bool = False


class Boundary(Struct, frozen=True, gc=False):
    """The register at an instant."""

    at_ns: int
    status: Status
    position: int | None = None
    """On the course, in the measurand's steps; None: there is none."""
    register: int | None = None
    """What the meter showed, in the measurand's steps; it may have gone round."""
    method: str = ""
    """How a substitute was formed."""
    reasons: tuple[Reason, ...] = ()
    reading: int | None = None
    """Where the reading before it stands in the course."""
    reading_ns: int = 0
    """When that was read, also if it says nothing of the instant; 0: never."""


def boundary(history: History, of: Course, at_ns: int, policy: Policy) -> Boundary:
    """Return the register of ``of``, a course of the point, at ``at_ns``."""
    last = of.last(at_ns)
    obstacle = _obstacle(history, of, at_ns, last, policy)
    if last is None or obstacle is not None:
        read_ns = 0 if last is None else of.times[last]
        return Boundary(at_ns, Status.INCOMPLETE, reasons=(obstacle or Reason.NO_READING,), reading_ns=read_ns)
    if policy.interpolate and of.times[last] != at_ns:
        return _interpolated(of, last, at_ns, policy)
    return _carried(of, last, at_ns, is_missing=_is_missing(of, last, at_ns))


def _obstacle(history: History, of: Course, at_ns: int, last: int | None, policy: Policy) -> Reason | None:
    """Return why the reading ``last`` says nothing of ``at_ns``."""
    if at_ns > policy.now_ns:
        return Reason.NOT_YET
    hung = history.meter_at(at_ns)
    if last is not None and of.times[last] == at_ns and (hung is None or _is_of(of, last, hung)):
        return None  # also the last reading of a meter as it was taken out
    if hung is None:
        return Reason.NO_METER
    unread = Reason.NO_READING if last is None or not _is_of(of, last, hung) else Reason.READING_TOO_OLD
    if unread is Reason.READING_TOO_OLD and last is not None and at_ns - of.times[last] <= policy.max_age_ns:
        return None
    if history.span_at(at_ns) is None:
        return Reason.NO_DEVICE
    return Reason.NO_DEFINITION if unread is Reason.NO_READING and history.has_undefined_pulses else unread


def _is_of(of: Course, reading: int, hung: MeterAtPoint) -> bool:
    return of.run(reading).stretch.meter_at_point == hung


def _is_missing(of: Course, last: int, at_ns: int) -> bool:
    """Say whether a reading after ``last`` should have come by ``at_ns``: it is overdue, or the next one shows it."""
    device = of.run(last).stretch.device_at_meter
    interval_ns = device.interval_s * _NS_PER_S if device else 0
    age_ns = at_ns - of.times[last]
    if not interval_ns or age_ns < interval_ns * (1 - _JITTER):
        return False
    is_skipped = last + 1 < len(of.times) and of.times[last + 1] - of.times[last] >= interval_ns * _SKIPPED
    return is_skipped or age_ns >= interval_ns * (1 + _JITTER)


def _carried(of: Course, last: int, at_ns: int, *, is_missing: bool = False) -> Boundary:
    """Return the register of the last reading."""
    run, index = of.run(last), of.places[last].index
    register = run.register(index)
    status, method, *reasons = _QUALITIES.get(of.quality(last), (Status.MEASURED, ""))
    if is_missing:
        status = Status.PROVISIONAL
        reasons.append(Reason.READING_MISSING)
    return Boundary(
        at_ns,
        status,
        run.base + register,
        run.shown(register),
        method,
        tuple(reasons),
        reading=last,
        reading_ns=of.times[last],
    )


def _interpolated(of: Course, last: int, at_ns: int, policy: Policy) -> Boundary:
    """Return the register between two readings of one meter, on the straight line, rounded once."""
    following = last + 1
    if following == len(of.times) or of.times[following] - at_ns > policy.max_age_ns:
        return _uncertain(_carried(of, last, at_ns), Reason.NO_READING_AFTER)
    run, after = of.run(last), of.run(following)
    if of.jumps(last, following):
        return _uncertain(_carried(of, last, at_ns), *of.jumps(last, following))
    start, end = of.exact(last), of.exact(following) + after.base - run.base
    share = Fraction(at_ns - of.times[last], of.times[following] - of.times[last])
    register = run.rounded(start + (end - start) * share)
    flags = [_QUALITIES[each][2] for each in (of.quality(last), of.quality(following)) if each in _QUALITIES]
    status = Status.PROVISIONAL if Reason.DEVICE_FLAGGED in flags else Status.SUBSTITUTE
    return Boundary(
        at_ns,
        status,
        run.base + register,
        run.shown(register),
        LINEAR,
        tuple(flags),
        reading=last,
        reading_ns=of.times[last],
    )


def _uncertain(found: Boundary, *reasons: Reason) -> Boundary:
    """Return ``found`` as what is known so far."""
    return Boundary(
        found.at_ns,
        Status.PROVISIONAL,
        found.position,
        found.register,
        "",
        (*found.reasons, *reasons),
        found.reading,
        found.reading_ns,
    )
