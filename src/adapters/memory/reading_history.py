"""Replaced readings in memory."""

from collections.abc import Sequence

from application.ports.reading_query import ReadingFilter, StoredReading
from domain.identifiers import DevEui

_Key = tuple[str, int, str, str, int]


class MemoryReadingHistory:
    """Keeps each under its key and write time."""

    def __init__(self) -> None:
        self._kept: dict[_Key, tuple[StoredReading, int]] = {}

    async def keep(self, superseded: Sequence[StoredReading], until_us: int) -> None:
        for stored in superseded:
            reading = stored.reading
            key = (stored.dev_eui, stored.event_ns, reading.measurand, reading.channel, stored.written_us)
            self._kept.setdefault(key, (stored, until_us))

    async def believed(self, device: DevEui, asked: ReadingFilter, at_us: int) -> Sequence[StoredReading]:
        return [
            stored
            for key, (stored, until_us) in sorted(self._kept.items(), key=lambda item: item[0])
            if key[0] == device and stored.written_us <= at_us < until_us and asked.takes(stored)
        ]
