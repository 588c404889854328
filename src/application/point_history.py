"""The history of a metering point, put together from master data and stored readings."""

from collections.abc import Iterable, Sequence

from msgspec import Struct

from application.all_pages import all_records, known
from application.meter_identities import MeterIdentities
from application.off_the_loop import off_the_loop
from application.ports.device_states import DeviceStates
from application.ports.master_data import MasterData
from application.ports.reading_query import ReadingFilter, ReadingQuery, StoredReading
from domain.device import DeviceEntry
from domain.meter import (
    PULSES,
    DeviceAtMeter,
    ExchangeCase,
    History,
    Meter,
    MeterAtPoint,
    MeterId,
    MeteringPoint,
    PointId,
    RegisterDefinition,
    RegisterReading,
    Source,
    Span,
    SpanReadings,
    courses,
    exchange_case,
    meters_of,
    spans_of,
)

_DAY_NS = 86_400 * 10**9
_MONTH_NS = 30 * _DAY_NS
"""How far apart a counter is looked at before the time asked for: often enough to see each time it goes round."""
_PAST_NS = 400 * _DAY_NS
"""How far back a last reading is looked for: a year and some."""
_REGISTERS = 20
"""More than a device sends of one measurand at once: tariffs, circuits, inputs."""
_PULSES = frozenset((PULSES,))
_NS_PER_MS = 1_000_000


class Window(Struct, frozen=True):
    """Which readings are needed: of ``measurand``, in ``[since_ns, until_ns)``."""

    measurand: str
    since_ns: int
    until_ns: int


class PointHistories:
    """Reads histories."""

    def __init__(self, records: MasterData, readings: ReadingQuery, states: DeviceStates) -> None:
        self._records = records
        self._readings = readings
        self._identities = MeterIdentities(readings, states)

    async def history(self, point: MeteringPoint, window: Window) -> History:
        """Return what is known of ``point`` for ``window``.

        Raises:
            Unavailable: a store does not answer.
        """
        hung = meters_of(await all_records(self._records, MeterAtPoint, f"{point.point}/"))
        spans, meters = await self.spans(hung, window.since_ns, window.until_ns)
        parts = [await self._part(span, window) for span in spans]
        found = await off_the_loop(sum(map(_count, parts)), courses, parts, hung)
        cases = [await self.case(span, meters.get(span.meter_at_point.meter), window) for span in spans]
        undefined = not found and any([await self._counts_pulses(span, window) for span in spans])
        return History(point, hung, meters, spans, found, [each for each in cases if each], undefined)

    async def point(self, point: PointId) -> MeteringPoint:
        """Return a metering point.

        Raises:
            NotFound: there is none.
        """
        return await self._records.get(MeteringPoint, point)

    async def spans(
        self, hung: Iterable[MeterAtPoint], since_ns: int, until_ns: int
    ) -> tuple[list[Span], dict[MeterId, Meter]]:
        """Return the spans of a point that touch ``[since_ns, until_ns)``, and the meters in them."""
        meters: dict[MeterId, Meter] = {}
        devices: dict[MeterId, Sequence[DeviceAtMeter]] = {}
        touching = [each for each in hung if each.since_ns < until_ns and since_ns <= each.until_ns]
        for each in touching:
            meter = await known(self._records, Meter, each.meter)
            if meter is not None:
                meters[each.meter] = meter
            at_meter = await all_records(self._records, DeviceAtMeter, f"{each.meter}/")
            devices[each.meter] = [await self._with_interval(device) for device in at_meter]
        return spans_of(touching, devices, since_ns, until_ns), meters

    async def _with_interval(self, device: DeviceAtMeter) -> DeviceAtMeter:
        """Return ``device`` with the interval of the registry, where the assignment says none."""
        if device.interval_s:
            return device
        entry = await known(self._records, DeviceEntry, device.dev_eui)
        return DeviceAtMeter(
            device.meter,
            device.dev_eui,
            device.since_ns,
            device.written_us,
            device.until_ns,
            device.input,
            device.transport,
            entry.expected_interval_s if entry else 0,
        )

    async def _part(self, span: Span, window: Window) -> SpanReadings:
        """Return what was read in ``span``, and what it means."""
        device = span.device_at_meter
        definitions = [
            each
            for each in await all_records(self._records, RegisterDefinition, f"{device.dev_eui}/")
            if each.measurand == window.measurand
        ]
        since_ns, until_ns = max(span.since_ns, window.since_ns), min(span.until_ns, window.until_ns)
        measurands = frozenset((window.measurand, *(each.source for each in definitions)))
        readings: dict[Source, list[RegisterReading]] = {}
        earlier = await self._last(span, measurands, since_ns)
        for definition in definitions:
            if device.reads(definition.channel):
                earlier += await self._samples(definition, since_ns)
        _add(readings, device, sorted(earlier, key=lambda stored: stored.event_ns))
        async for chunk in self._readings.stream([device.dev_eui], ReadingFilter(since_ns, until_ns, measurands)):
            _add(readings, device, chunk)
        return SpanReadings(span, definitions, readings)

    async def _last(self, span: Span, measurands: frozenset[str], until_ns: int) -> list[StoredReading]:
        """Return the last reading of each register before ``until_ns``, so that one too old is told from none."""
        asked = ReadingFilter(max(span.since_ns, until_ns - _PAST_NS), until_ns, measurands)
        newest: dict[Source, StoredReading] = {}
        for stored in await self._readings.page(span.device_at_meter.dev_eui, asked, size=_REGISTERS):
            newest.setdefault((stored.reading.measurand, stored.reading.channel), stored)
        return list(newest.values())

    async def _counts_pulses(self, span: Span, window: Window) -> bool:
        """Say whether the meter's device sends pulses, of which nothing has been made."""
        asked = ReadingFilter(max(span.since_ns, window.since_ns), min(span.until_ns, window.until_ns), _PULSES)
        found = await self._readings.page(span.device_at_meter.dev_eui, asked, size=_REGISTERS)
        return any(span.device_at_meter.reads(stored.reading.channel) for stored in found)

    async def _samples(self, definition: RegisterDefinition, until_ns: int) -> list[StoredReading]:
        """Return a reading of each month since a definition came to be valid, oldest first.

        Between two of them the counter must not go round, or a turn is lost: a household's does so in years.
        """
        found: list[StoredReading] = []
        start_ns = definition.valid_from_ns
        while start_ns and start_ns < until_ns:
            end_ns = min(start_ns + _MONTH_NS, until_ns)
            asked = ReadingFilter(start_ns, end_ns, frozenset((definition.source,)), frozenset((definition.channel,)))
            found += await self._readings.page(definition.dev_eui, asked, size=1)
            start_ns = end_ns
        return found

    async def case(self, span: Span, meter: Meter | None, window: Window) -> ExchangeCase | None:
        """Return the exchange case that is open in ``span``."""
        if meter is None or not meter.serials:
            return None
        since_ns, until_ns = max(span.since_ns, window.since_ns), min(span.until_ns, window.until_ns)
        return exchange_case(span, meter, await self._identities.of(span, meter, since_ns, until_ns))


def _count(part: SpanReadings) -> int:
    return sum(len(readings) for readings in part.readings.values())


def _add(readings: dict[Source, list[RegisterReading]], device: DeviceAtMeter, chunk: Iterable[StoredReading]) -> None:
    """Add those of ``chunk`` that are exact and of the device's input."""
    for stored in chunk:
        reading, value = stored.reading, stored.reading.value
        if device.reads(reading.channel) and isinstance(value, int) and not isinstance(value, bool):
            readings.setdefault((reading.measurand, reading.channel), []).append(
                RegisterReading(stored.event_ns, value, reading.quality, stored.uncertainty_ms * _NS_PER_MS)
            )
