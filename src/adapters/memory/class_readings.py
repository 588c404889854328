"""Readings by data class and time in memory."""

from collections.abc import AsyncIterator, Sequence

from adapters.memory.observation_store import MemoryObservationStore
from application.ports.class_readings import ClassFilter, place_of
from application.ports.reading_query import StoredReading

_CHUNK = 1_000


class MemoryClassReadings:
    """Reads what ``store`` keeps."""

    def __init__(self, store: MemoryObservationStore) -> None:
        self._store = store

    async def stream(self, asked: ClassFilter) -> AsyncIterator[Sequence[StoredReading]]:
        found = sorted(filter(asked.takes, self._store.all()), key=place_of)
        for start in range(0, len(found), _CHUNK):
            yield found[start : start + _CHUNK]
