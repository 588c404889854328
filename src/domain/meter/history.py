"""All that is known of a metering point: who hung there, what it read, and where the registry is contradicted."""

from collections.abc import Mapping, Sequence

from msgspec import Struct

from domain.meter.assignment import MeterAtPoint
from domain.meter.course import Course
from domain.meter.exchange_case import ExchangeCase
from domain.meter.identifiers import MeterId
from domain.meter.metering_point import Meter, MeteringPoint
from domain.meter.span import Span

_NO_COURSE = Course((), (), ())


class RegisterName(Struct, frozen=True, order=True):
    """Which register of a point: a measurand, and a channel such as a tariff."""

    measurand: str
    channel: str = ""

    @property
    def text(self) -> str:
        """``measurand/channel``, as in ``MeterAtPoint.registers_at_start``."""
        return f"{self.measurand}/{self.channel}"


class History(Struct, frozen=True):
    """A metering point over some time."""

    point: MeteringPoint
    hung: Sequence[MeterAtPoint]
    """Oldest first."""
    meters: Mapping[MeterId, Meter]
    spans: Sequence[Span]
    courses: Mapping[RegisterName, Course]
    cases: Sequence[ExchangeCase]
    """Open ones."""
    has_undefined_pulses: bool = False
    """Whether pulses were counted that no register definition speaks of, and nothing else was read."""

    def course(self, register: RegisterName) -> Course:
        """Return the course of a register; an empty one if nothing was read of it."""
        return self.courses.get(register, _NO_COURSE)

    def meter_at(self, at_ns: int) -> MeterAtPoint | None:
        """Return which meter hung there at ``at_ns``."""
        return next((each for each in self.hung if each.since_ns <= at_ns < each.until_ns), None)

    def span_at(self, at_ns: int) -> Span | None:
        """Return in which span ``at_ns`` lies."""
        return next((each for each in self.spans if each.since_ns <= at_ns < each.until_ns), None)

    def always_metered(self, since_ns: int, until_ns: int) -> bool:
        """Say whether a meter hung there all the time."""
        reached_ns = since_ns
        for each in self.hung:
            if each.since_ns <= reached_ns:
                reached_ns = max(reached_ns, each.until_ns)
        return reached_ns >= until_ns

    def contradicted(self, since_ns: int, until_ns: int) -> bool:
        """Say whether a case is open within ``[since_ns, until_ns]``."""
        ends = {(each.meter_at_point.meter, each.device_at_meter.dev_eui): each.until_ns for each in self.spans}
        return any(
            case.earliest_ns < until_ns and since_ns < ends.get((case.meter, case.dev_eui), until_ns)
            for case in self.cases
        )
