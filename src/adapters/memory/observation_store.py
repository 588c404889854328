"""The store of observations in memory, written side."""

from collections.abc import Iterator, Sequence

import msgspec

from application.ports.reading_query import StoredReading
from domain.identifiers import DevEui
from domain.observation import Observation

Key = tuple[int, str, str]
"""Event time in ns, measurand, channel."""

_encode = msgspec.json.Encoder().encode


class MemoryObservationStore:
    """Keeps each reading under its key, whole; MemoryReadingQuery reads it."""

    def __init__(self) -> None:
        self._devices: dict[DevEui, dict[Key, StoredReading]] = {}

    async def write(self, observations: Sequence[Observation]) -> None:
        for observation in observations:
            readings = self._devices.setdefault(observation.dev_eui, {})
            for reading in _readings(observation):
                key = (reading.event_ns, reading.reading.measurand, reading.reading.channel)
                before = readings.get(key)
                if before is None or _wins(reading, before):
                    readings[key] = reading

    def readings(self, device: DevEui) -> dict[Key, StoredReading]:
        """Return the readings of ``device`` by their key."""
        return self._devices.get(device, {})

    def all(self) -> Iterator[StoredReading]:
        """Yield the readings of all devices."""
        for readings in self._devices.values():
            yield from readings.values()


def _readings(observation: Observation) -> list[StoredReading]:
    return [
        StoredReading(
            observation.dev_eui,
            observation.event_ns,
            reading,
            observation.written_us,
            observation.time_origin,
            observation.uncertainty_ms,
            observation.device_type,
            observation.decoder,
            observation.source,
            observation.f_cnt,
        )
        for reading in observation.readings
    ]


def _wins(reading: StoredReading, before: StoredReading) -> bool:
    """Say whether ``reading`` replaces ``before``: by write time; of two learned at once the greater, for ever."""
    if reading.written_us != before.written_us:
        return reading.written_us > before.written_us
    return _encode(reading) > _encode(before)
