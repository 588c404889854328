"""What devices said the number of their meter is."""

from collections.abc import Iterable

from application.errors import NotFound
from application.ports.device_states import DeviceStates
from application.ports.reading_query import ReadingFilter, ReadingQuery, StoredReading
from domain.device import LatestValue
from domain.identifiers import DevEui
from domain.meter import IDENTITY, DeviceAtMeter, Meter, ReportedIdentity, Span

_DAY_NS = 86_400 * 10**9
_MONTH_NS = 35 * _DAY_NS
"""Devices that name their meter do so every month at least."""
_LONG_NS = 400 * _DAY_NS
"""How far back the time is looked for at which device and registry agreed last."""
_NAMES = 10
"""More than a device has inputs: its newest identities are among as many."""
_SAID = 1_000
"""Identities read at once: three years of daily ones."""
_NS_PER_MS = 1_000_000
_NAME = frozenset((IDENTITY,))


class MeterIdentities:
    """Reads identities; of the many meters whose device agrees with the registry, only what it said last."""

    def __init__(self, readings: ReadingQuery, states: DeviceStates) -> None:
        self._readings = readings
        self._states = states

    async def of(self, span: Span, meter: Meter, since_ns: int, until_ns: int) -> list[ReportedIdentity]:
        """Return what tells whether ``span`` names ``meter`` in ``[since_ns, until_ns)``, oldest first.

        Raises:
            Unavailable: a store does not answer.
        """
        device = span.device_at_meter
        latest = [each for each in await self._latest(device.dev_eui) if device.reads(each.channel)]
        if latest and max(each.event_ns for each in latest) < span.until_ns:
            return await self._up_to(span, meter, latest)
        return await self._around(span, since_ns, until_ns)

    async def _latest(self, dev_eui: DevEui) -> list[LatestValue]:
        """Return the newest identity on each of a device's channels."""
        try:
            state = await self._states.get(dev_eui)
        except NotFound:
            return []
        return [each for each in state.latest if each.measurand == IDENTITY]

    async def _up_to(self, span: Span, meter: Meter, latest: list[LatestValue]) -> list[ReportedIdentity]:
        """Return the identities that end with ``latest``; only the last of them if it agrees."""
        last = max(latest, key=lambda each: each.event_ns)
        if meter.is_called(str(last.value)):
            return [ReportedIdentity(last.event_ns, str(last.value))]
        asked = ReadingFilter(max(span.since_ns, last.event_ns - _LONG_NS), last.event_ns + 1, _NAME)
        found = await self._readings.page(span.device_at_meter.dev_eui, asked, size=_SAID)
        return _reported(span.device_at_meter, reversed(found))

    async def _around(self, span: Span, since_ns: int, until_ns: int) -> list[ReportedIdentity]:
        """Return the identities of a time, with those just before and after it."""
        dev_eui = span.device_at_meter.dev_eui
        earlier = ReadingFilter(max(span.since_ns, since_ns - _MONTH_NS), since_ns, _NAME)
        found = list(reversed(await self._readings.page(dev_eui, earlier, size=_NAMES)))
        async for chunk in self._readings.stream([dev_eui], ReadingFilter(since_ns, until_ns, _NAME)):
            found += chunk
        later = ReadingFilter(until_ns, min(span.until_ns, until_ns + _MONTH_NS), _NAME)
        found += reversed(await self._readings.page(dev_eui, later, size=_NAMES))
        return _reported(span.device_at_meter, found)


def _reported(device: DeviceAtMeter, found: Iterable[StoredReading]) -> list[ReportedIdentity]:
    return [
        ReportedIdentity(stored.event_ns, str(stored.reading.value), stored.uncertainty_ms * _NS_PER_MS)
        for stored in found
        if device.reads(stored.reading.channel)
    ]
