"""The store of observations in memory, read side."""

from collections.abc import AsyncIterator, Iterable, Sequence

from adapters.memory.observation_store import Key, MemoryObservationStore
from application.ports.reading_query import WITHDRAWN, ReadingFilter, StoredReading
from domain.identifiers import DevEui

_CHUNK = 1_000


class MemoryReadingQuery:
    """Reads what ``store`` keeps."""

    def __init__(self, store: MemoryObservationStore) -> None:
        self._store = store

    async def page(
        self, device: DevEui, asked: ReadingFilter, *, size: int, after: tuple[int, str, str] | None = None
    ) -> Sequence[StoredReading]:
        found = sorted(self._asked_for(device, asked), key=_newest_first)
        if after is not None:
            seen = (-after[0], after[1], after[2])
            found = [reading for reading in found if _newest_first(reading) > seen]
        return found[:size]

    async def stream(self, devices: Sequence[DevEui], asked: ReadingFilter) -> AsyncIterator[Sequence[StoredReading]]:
        for device in devices:
            found = sorted(self._asked_for(device, asked), key=_oldest_first)
            for start in range(0, len(found), _CHUNK):
                yield found[start : start + _CHUNK]

    def _asked_for(self, device: DevEui, asked: ReadingFilter) -> Iterable[StoredReading]:
        return (
            reading
            for (event_ns, measurand, channel), reading in self._store.readings(device).items()
            if reading.reading.quality != WITHDRAWN
            and asked.since_ns <= event_ns < asked.until_ns
            and (not asked.measurands or measurand in asked.measurands)
            and (asked.channels is None or channel in asked.channels)
        )


def _oldest_first(reading: StoredReading) -> Key:
    return reading.event_ns, reading.reading.measurand, reading.reading.channel


def _newest_first(reading: StoredReading) -> Key:
    return -reading.event_ns, reading.reading.measurand, reading.reading.channel
