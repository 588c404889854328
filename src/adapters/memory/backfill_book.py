"""What backfill remembers, in memory."""

from collections.abc import Sequence

from application.ports.backfill_book import Entry


class MemoryBackfillBook:
    """Keeps the latest written entry under each key."""

    def __init__(self) -> None:
        self._entries: dict[str, Entry] = {}

    async def put(self, entries: Sequence[Entry]) -> None:
        for entry in entries:
            known = self._entries.get(entry.key)
            if known is None or known.written_us <= entry.written_us:
                self._entries[entry.key] = entry

    async def forget(self, entries: Sequence[Entry]) -> None:
        for entry in entries:
            self._entries.pop(entry.key, None)

    async def entries(self) -> Sequence[Entry]:
        return [self._entries[key] for key in sorted(self._entries)]
