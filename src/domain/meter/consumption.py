"""Consumption of a metering point, between instants or by the calendar.

The value of a bucket is the difference of two positions of the register's course, so the values of adjoining buckets
add up to the value of the whole, to the last digit. Readings that come late or twice can complete a bucket; a
measured value does not change by them.
"""

from collections.abc import Iterator, Sequence
from itertools import pairwise

from msgspec import Struct

from domain.meter.billing import hung_between, obstacles
from domain.meter.boundary import Boundary, Policy, boundary
from domain.meter.course import Course
from domain.meter.history import History, RegisterName
from domain.meter.reasons import Reason, Status
from domain.observation import measurand

_RANK = (Status.MEASURED, Status.SUBSTITUTE, Status.PROVISIONAL, Status.INCOMPLETE)
_NO_COURSE = Course((), (), ())


class Consumption(Struct, frozen=True, gc=False):
    """What was used in ``[since_ns, until_ns)``."""

    register: RegisterName
    since_ns: int
    until_ns: int
    status: Status
    value: int | None
    """In steps of 10^``exponent`` of the measurand's unit; None: incomplete."""
    exponent: int
    start: Boundary
    end: Boundary
    method: str
    """How a substitute was formed."""
    reasons: tuple[Reason, ...]
    """Why it is not simply measured."""
    obstacles: tuple[Reason, ...]
    """Why it must not be billed."""

    @property
    def billable(self) -> bool:
        """Whether nothing stands against billing it."""
        return not self.obstacles


def consumption(
    history: History, register: RegisterName, boundaries: Sequence[int], policy: Policy
) -> Iterator[Consumption]:
    """Yield what was used between each two of ``boundaries``."""
    course = history.courses.get(register, _NO_COURSE)
    found = (_boundary(history, course, at_ns, policy) for at_ns in boundaries)
    for start, end in pairwise(found):
        yield _between(history, course, register, start, end)


def _boundary(history: History, course: Course, at_ns: int, policy: Policy) -> Boundary:
    found = boundary(course, history.hung, at_ns, policy)
    read = any(each.since_ns <= at_ns < each.until_ns for each in history.spans)
    if found.reasons == (Reason.NO_READING,) and not read:
        return Boundary(at_ns, found.status, reasons=(Reason.NO_DEVICE,))
    return found


def _between(history: History, course: Course, register: RegisterName, start: Boundary, end: Boundary) -> Consumption:
    jumps = _jumps(course, start, end)
    reasons = dict.fromkeys((*start.reasons, *end.reasons, *jumps))
    status = max(start.status, end.status, key=_RANK.index)
    if history.contradicted(start.at_ns, end.at_ns):
        reasons[Reason.METER_CONTRADICTED] = None
        jumps.append(Reason.METER_CONTRADICTED)
    if jumps and status is not Status.INCOMPLETE:
        status = Status.PROVISIONAL
    whole = status is not Status.INCOMPLETE and start.position is not None and end.position is not None
    value = end.position - start.position if start.position is not None and end.position is not None else None
    return Consumption(
        register,
        start.at_ns,
        end.at_ns,
        status,
        value if whole else None,
        measurand(register.measurand).exponent,
        start,
        end,
        (start.method or end.method) if status is Status.SUBSTITUTE else "",
        tuple(reasons),
        _obstacles(history, status, start.at_ns, end.at_ns),
    )


def _jumps(course: Course, start: Boundary, end: Boundary) -> list[Reason]:
    if start.reading is None or end.reading is None:
        return []
    return course.jumps(start.reading, end.reading)


def _obstacles(history: History, status: Status, since_ns: int, until_ns: int) -> tuple[Reason, ...]:
    hung = hung_between(history.hung, history.meters, since_ns, until_ns)
    spans = [each for each in history.spans if each.since_ns < until_ns and since_ns < each.until_ns]
    return obstacles(status, history.point.medium, hung, spans)
