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
from domain.observation import DataClass, data_class_of, measurand

_RANK = (Status.MEASURED, Status.SUBSTITUTE, Status.PROVISIONAL, Status.INCOMPLETE)


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
    data_class: DataClass
    """Whose business it is."""

    @property
    def billable(self) -> bool:
        """Whether nothing stands against billing it."""
        return not self.obstacles


def consumption(
    history: History, register: RegisterName, boundaries: Sequence[int], policy: Policy
) -> Iterator[Consumption]:
    """Yield what was used between each two of ``boundaries``."""
    course = history.course(register)
    found = (boundary(history, course, at_ns, policy) for at_ns in boundaries)
    for start, end in pairwise(found):
        yield _between(history, course, register, start, end)


def _between(history: History, course: Course, register: RegisterName, start: Boundary, end: Boundary) -> Consumption:
    doubts = _doubts(history, course, start, end)
    status = max(start.status, end.status, Status.PROVISIONAL if doubts else Status.MEASURED, key=_RANK.index)
    return Consumption(
        register,
        start.at_ns,
        end.at_ns,
        status,
        None if start.position is None or end.position is None else end.position - start.position,
        measurand(register.measurand).exponent,
        start,
        end,
        (start.method or end.method) if status is Status.SUBSTITUTE else "",
        tuple(dict.fromkeys((*start.reasons, *end.reasons, *doubts))),
        _obstacles(history, status, start.at_ns, end.at_ns),
        data_class_of(register.measurand, history.point.data_class),
    )


def _doubts(history: History, course: Course, start: Boundary, end: Boundary) -> list[Reason]:
    """Return what happened between two boundaries that keeps their difference from being all that was used."""
    found = []
    if start.reading is not None and end.reading is not None:
        found = course.jumps(start.reading, end.reading)
        if not history.always_metered(start.at_ns, end.at_ns):
            found.append(Reason.NO_METER)
    if history.contradicted(start.at_ns, end.at_ns):
        found.append(Reason.METER_CONTRADICTED)
    return found


def _obstacles(history: History, status: Status, since_ns: int, until_ns: int) -> tuple[Reason, ...]:
    hung = hung_between(history.hung, history.meters, since_ns, until_ns)
    spans = [each for each in history.spans if each.since_ns < until_ns and since_ns < each.until_ns]
    return obstacles(status, history.point.medium, hung, spans)
