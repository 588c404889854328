"""The feed of derived records in memory."""

import asyncio
from collections.abc import AsyncIterator

from msgspec.structs import replace

from application.ports.derived_feed import Derived


class MemoryDerivedRecords:
    """What was published, and how far it is committed: outlives the feeds that read it."""

    def __init__(self) -> None:
        self.batches: list[Derived] = []
        self.committed = 0
        """How many of the batches are stored."""
        self._news = asyncio.Event()

    async def publish(self, batch: Derived) -> None:
        """Put one batch in the way of the sink."""
        self.batches.append(batch)
        self.tell()

    async def news(self) -> None:
        """Wait until there is something to look at."""
        await self._news.wait()

    def tell(self) -> None:
        """Wake all who wait, once."""
        self._news.set()
        self._news = asyncio.Event()


class MemoryDerivedFeed:
    """Reads ``records`` from where the last commit ended."""

    def __init__(self, records: MemoryDerivedRecords) -> None:
        self._records = records
        self._stopped = False

    async def read(self) -> AsyncIterator[Derived]:
        number = self._records.committed
        while not self._stopped:
            if number < len(self._records.batches):
                yield replace(self._records.batches[number], token=number, places={"memory/0": number + 1})
                number += 1
            else:
                await self._records.news()

    async def commit(self, batch: Derived) -> None:
        if isinstance(batch.token, int):
            self._records.committed = max(self._records.committed, batch.token + 1)

    async def stop(self) -> None:
        self._stopped = True
        self._records.tell()
