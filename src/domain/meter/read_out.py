"""The read-out at a key date: what the meter showed then, or why nobody knows."""

from msgspec import Struct

from domain.identifiers import DevEui
from domain.meter.billing import Hung, obstacles
from domain.meter.boundary import Boundary, Policy, boundary
from domain.meter.course import Course
from domain.meter.history import History, RegisterName
from domain.meter.identifiers import MeterId, PointId
from domain.meter.reasons import Reason, Status
from domain.observation import DataClass, data_class_of, measurand, obis


class ReadOut(Struct, frozen=True, gc=False):
    """A register of a metering point at a key date."""

    point: PointId
    register: RegisterName
    at_ns: int
    status: Status
    value: int | None
    """What the meter showed, in steps of 10^``exponent`` of the measurand's unit; None: see ``reasons``."""
    exponent: int
    reading_ns: int
    """When the point was last read, also if that is no value; 0: never."""
    meter: MeterId
    serial: str
    dev_eui: DevEui
    obis: str
    method: str
    reasons: tuple[Reason, ...]
    obstacles: tuple[Reason, ...]
    data_class: DataClass

    @property
    def billable(self) -> bool:
        """Whether nothing stands against billing it."""
        return not self.obstacles


def read_out(history: History, register: RegisterName, at_ns: int, policy: Policy) -> ReadOut:
    """Return the register of a point at ``at_ns``."""
    course = history.course(register)
    found = _valid(history, course, boundary(history, course, at_ns, policy))
    hung, span = history.meter_at(at_ns), history.span_at(at_ns)
    meter = history.meters.get(hung.meter) if hung else None
    return ReadOut(
        history.point.point,
        register,
        at_ns,
        found.status,
        found.register,
        measurand(register.measurand).exponent,
        found.reading_ns,
        hung.meter if hung else MeterId(""),
        meter.serials[0] if meter and meter.serials else "",
        span.device_at_meter.dev_eui if span else DevEui(""),
        _obis(course, found, register),
        found.method,
        found.reasons,
        obstacles(found.status, history.point.medium, [Hung(meter, at_ns)] if hung else [], [span] if span else []),
        data_class_of(register.measurand, history.point.data_class),
    )


def _valid(history: History, course: Course, found: Boundary) -> Boundary:
    """Return ``found``, or why it is not what the meter showed."""
    if found.register is None or found.reading is None:
        return found
    if not course.run(found.reading).anchored:
        has_index = course.run(found.reading).stretch.has_index
        return _without_value(found, Reason.REGISTER_LOST if has_index else Reason.NO_INDEX)
    if history.contradicted(found.at_ns, found.at_ns):
        return _without_value(found, Reason.METER_CONTRADICTED)
    return found


def _without_value(found: Boundary, reason: Reason) -> Boundary:
    return Boundary(
        found.at_ns,
        Status.INCOMPLETE,
        reasons=(*found.reasons, reason),
        reading=found.reading,
        reading_ns=found.reading_ns,
    )


def _obis(course: Course, found: Boundary, register: RegisterName) -> str:
    if found.reading is not None:
        defined = course.run(found.reading).stretch.rules.definition.obis
        if defined:
            return defined
    return obis(register.measurand, register.channel) or ""
