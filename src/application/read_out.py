"""The read-out of metering points at a key date."""

from collections.abc import Sequence

from msgspec import Struct

from application.point_history import PointHistories, Window
from application.ports.clock import Clock
from application.ports.master_data import MasterData
from application.register_choice import RegisterChoice, measurand_of, registers
from domain.meter import MeteringPoint, PointId, Policy, ReadOut, read_out

_NS_PER_US = 1_000


class ReadOutPage(Struct, frozen=True):
    """The read-outs of some points."""

    read_outs: Sequence[ReadOut]
    last: str
    """The last point, after which the next page begins; empty: there are no more."""


class ReadOutReport:
    """Says of each point what its meter showed, or why nobody knows."""

    def __init__(self, records: MasterData, histories: PointHistories, clock: Clock) -> None:
        self._records = records
        self._histories = histories
        self._clock = clock

    async def of(self, point: PointId, at_ns: int, choice: RegisterChoice) -> list[ReadOut]:
        """Return the registers of one point at ``at_ns``.

        Raises:
            InvalidValue: there is no such measurand.
            NotFound: there is no such point.
            Unavailable: a store does not answer.
        """
        return await self._of(await self._histories.point(point), at_ns, choice)

    async def page(self, at_ns: int, choice: RegisterChoice, *, size: int, after: str = "") -> ReadOutPage:
        """Return the registers of the next ``size`` points beyond ``after``."""
        points = await self._records.page(MeteringPoint, size=size + 1, after=after)
        found = [read for point in points[:size] for read in await self._of(point, at_ns, choice)]
        return ReadOutPage(found, points[size - 1].key if len(points) > size else "")

    async def _of(self, point: MeteringPoint, at_ns: int, choice: RegisterChoice) -> list[ReadOut]:
        name = measurand_of(choice, point)
        # The reading after it tells whether one was left out before it.
        window = Window(name, at_ns - choice.max_age_ns, at_ns + choice.max_age_ns + 1)
        history = await self._histories.history(point, window)
        policy = Policy(choice.max_age_ns, self._clock.now_us() * _NS_PER_US, choice.interpolate)
        return [read_out(history, each, at_ns, policy) for each in registers(history, name, choice.channel)]
