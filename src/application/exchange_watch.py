"""Exchange cases: where a device names another meter than the registry."""

from collections.abc import Sequence

from msgspec import Struct

from application.all_pages import all_records
from application.point_history import PointHistories, Window
from application.ports.clock import Clock
from application.ports.master_data import MasterData
from domain.meter import ExchangeCase, MeterAtPoint, MeteringPoint, meters_of

_NS_PER_US = 1_000
_RECENT_NS = 7 * 86_400 * 10**9


class CasePage(Struct, frozen=True):
    """The cases of some points."""

    cases: Sequence[ExchangeCase]
    last: str
    """The last point looked at, after which the next page begins; empty: there are no more."""


class ExchangeWatch:
    """Looks for cases that are open now; an assignment that agrees with the device closes its case."""

    def __init__(self, records: MasterData, histories: PointHistories, clock: Clock) -> None:
        self._records = records
        self._histories = histories
        self._clock = clock

    async def page(self, *, size: int, after: str = "") -> CasePage:
        """Return the open cases of the next ``size`` points beyond ``after``.

        Raises:
            Unavailable: a store does not answer.
        """
        points = await self._records.page(MeteringPoint, size=size + 1, after=after)
        found = [case for point in points[:size] for case in await self._of(point)]
        return CasePage(found, points[size - 1].key if len(points) > size else "")

    async def _of(self, point: MeteringPoint) -> list[ExchangeCase]:
        now_ns = self._clock.now_us() * _NS_PER_US
        window = Window("", now_ns - _RECENT_NS, now_ns + 1)
        hung = meters_of(await all_records(self._records, MeterAtPoint, f"{point.point}/"))
        spans, meters = await self._histories.spans(hung, window.since_ns, window.until_ns)
        present = [span for span in spans if span.since_ns <= now_ns < span.until_ns]
        found = [await self._histories.case(span, meters.get(span.meter_at_point.meter), window) for span in present]
        return [case for case in found if case is not None]
