"""Replaced readings in memory."""

from collections.abc import Sequence

from application.ports.reading_history import Superseded
from application.ports.reading_query import ReadingFilter, StoredReading
from domain.identifiers import DevEui

_Key = tuple[str, int, str, str, int]


class MemoryReadingHistory:
    """Keeps each under its key and write time."""

    def __init__(self) -> None:
        self._kept: dict[_Key, Superseded] = {}

    async def keep(self, superseded: Sequence[StoredReading], until_us: int) -> None:
        for stored in superseded:
            reading = stored.reading
            key = (stored.dev_eui, stored.event_ns, reading.measurand, reading.channel, stored.written_us)
            before = self._kept.get(key)
            if before is None or before.until_us < until_us:
                self._kept[key] = Superseded(stored, until_us)

    async def believed(self, device: DevEui, asked: ReadingFilter, at_us: int) -> Sequence[StoredReading]:
        return [each.stored for each in await self.kept(device, asked) if each.was_believed(at_us)]

    async def kept(self, device: DevEui, asked: ReadingFilter) -> Sequence[Superseded]:
        of_device = sorted(key for key in self._kept if key[0] == device)
        return [each for key in of_device if asked.takes((each := self._kept[key]).stored)]
