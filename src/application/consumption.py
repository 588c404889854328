"""What was used at a metering point, between two instants or by the calendar."""

from collections.abc import Sequence
from datetime import tzinfo

from msgspec import Struct

from application.off_the_loop import off_the_loop
from application.point_history import PointHistories, Window
from application.ports.clock import Clock
from application.register_choice import RegisterChoice, measurand_of, registers
from domain.meter import Calendar, Consumption, Grain, History, PointId, Policy, RegisterName, consumption

MOST_BUCKETS = 10_000
"""A year of hours and some: 10,000 values are 3 MB of answers."""
_NS_PER_US = 1_000


class Between(Struct, frozen=True):
    """The time asked for, and how it is cut."""

    since_ns: int
    until_ns: int
    zone: tzinfo
    grain: Grain | None = None
    """None: not at all."""
    day_start_s: int = 0


class ConsumptionReport:
    """Computes consumption from what is stored, so that late and corrected readings are in it."""

    def __init__(self, histories: PointHistories, clock: Clock) -> None:
        self._histories = histories
        self._clock = clock

    async def of(self, point: PointId, between: Between, choice: RegisterChoice) -> list[Consumption]:
        """Return the consumption of ``point``, register by register, each oldest first.

        Raises:
            InvalidValue: there is no such measurand, or the range is empty, too long, or outside the calendar.
            NotFound: there is no such point.
            Unavailable: a store does not answer.
        """
        boundaries = _boundaries(between)
        found = await self._histories.point(point)
        name = measurand_of(choice, found)
        # A boundary needs the reading after it: to be interpolated, or to tell whether one was left out between.
        window = Window(name, between.since_ns - choice.max_age_ns, between.until_ns + choice.max_age_ns + 1)
        history = await self._histories.history(found, window)
        policy = Policy(choice.max_age_ns, self._clock.now_us() * _NS_PER_US, choice.interpolate)
        return await off_the_loop(
            len(boundaries), _all, history, list(registers(history, name, choice.channel)), boundaries, policy
        )


def _all(
    history: History, names: Sequence[RegisterName], boundaries: Sequence[int], policy: Policy
) -> list[Consumption]:
    return [value for name in names for value in consumption(history, name, boundaries, policy)]


def _boundaries(between: Between) -> Sequence[int]:
    calendar = Calendar(between.zone, between.day_start_s)
    grain = between.grain or Grain.YEAR
    found = calendar.boundaries(between.since_ns, between.until_ns, grain, MOST_BUCKETS)
    return found if between.grain else [between.since_ns, between.until_ns]
