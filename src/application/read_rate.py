"""Read rates of the city's meters, day by day."""

from bisect import bisect_left
from collections.abc import AsyncIterator, Sequence
from itertools import pairwise

from application.all_pages import all_records, known, pages
from application.consumption import Between
from application.errors import NotFound
from application.point_history import PointHistories
from application.ports.clock import Clock
from application.ports.device_registry import DeviceRegistry
from application.ports.master_data import MasterData
from application.ports.reading_query import ReadingFilter, ReadingQuery
from domain.device import DeviceEntry
from domain.identifiers import DevEui
from domain.meter import (
    PULSES,
    Calendar,
    DayOfMeter,
    Grain,
    Group,
    MeterAtPoint,
    MeteringPoint,
    ReadRate,
    ReadRates,
    Span,
    billed_measurand,
)

MOST_DAYS = 62
"""Two months: a city's meters are read once through for all days."""
_NS_PER_US = 1_000
_POINTS = 100
"""Whose readings are held at a time."""


class ReadRateReport:
    """Counts what came against what should have come."""

    def __init__(
        self,
        records: MasterData,
        histories: PointHistories,
        readings: ReadingQuery,
        devices: DeviceRegistry,
        clock: Clock,
    ) -> None:
        self._records = records
        self._histories = histories
        self._readings = readings
        self._devices = devices
        self._clock = clock

    async def of(self, between: Between, zone: str = "") -> list[ReadRate]:
        """Return the read rates of each day up to now, by zone, medium and device type; of one city zone if given.

        Raises:
            InvalidValue: the range is empty, longer than two months, or outside the calendar.
            Unavailable: a store does not answer.
        """
        calendar = Calendar(between.zone, between.day_start_s)
        boundaries = calendar.boundaries(between.since_ns, between.until_ns, Grain.DAY, MOST_DAYS)
        days = [ReadRates(start, end) for start, end in pairwise(boundaries)]
        async for points in pages(self._records, MeteringPoint, size=_POINTS):
            for point in points:
                if not zone or point.zone == zone:
                    await self._count(point, days)
        return [rate for day in days for rate in day.by_group()]

    async def _count(self, point: MeteringPoint, days: Sequence[ReadRates]) -> None:
        """Add the meters of ``point`` to ``days``."""
        since_ns, until_ns = days[0].since_ns, min(days[-1].until_ns, self._clock.now_us() * _NS_PER_US)
        hung = await all_records(self._records, MeterAtPoint, f"{point.point}/")
        spans, _ = await self._histories.spans(hung, since_ns, until_ns)
        for span in spans:
            group = Group(point.zone, point.medium, await self._type(span.device_at_meter.dev_eui))
            read_ns = sorted([each async for each in self._read_ns(point, span, since_ns, until_ns)])
            for day in days:
                start_ns, end_ns = max(day.since_ns, span.since_ns), min(day.until_ns, span.until_ns, until_ns)
                if start_ns < end_ns:
                    of_day = read_ns[bisect_left(read_ns, start_ns) : bisect_left(read_ns, end_ns)]
                    day.add(DayOfMeter(group, start_ns, end_ns, span.device_at_meter.interval_s), of_day)

    async def _type(self, device: DevEui) -> str:
        """Return what the administration says of the device, else what it was heard as."""
        entry = await known(self._records, DeviceEntry, device)
        if entry is not None and entry.device_type:
            return entry.device_type
        try:
            return (await self._devices.get(device)).device_type
        except NotFound:
            return ""

    async def _read_ns(self, point: MeteringPoint, span: Span, since_ns: int, until_ns: int) -> AsyncIterator[int]:
        """Yield when a register of the meter was read."""
        device = span.device_at_meter
        names = frozenset((billed_measurand(point.medium), PULSES))
        asked = ReadingFilter(max(since_ns, span.since_ns), min(until_ns, span.until_ns), names)
        async for chunk in self._readings.stream([device.dev_eui], asked):
            for stored in chunk:
                if device.reads(stored.reading.channel):
                    yield stored.event_ns
