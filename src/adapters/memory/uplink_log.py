"""The uplink log in memory: one partition, read by as many as like."""

import asyncio
from collections.abc import AsyncIterator, Collection, Mapping, Sequence

from application.errors import WrongShape
from application.ports.uplink_log import LoggedUplinks, Place, RawUplink

_PARTITION = 0
_MOST = 500
"""Messages in one batch: the size at which SQLite and Kafka are measured, so that tests cut as they do."""


class MemoryUplinkLog:
    """Keeps everything until the process ends; an offset is the number of its message."""

    def __init__(self) -> None:
        self._uplinks: list[RawUplink] = []
        self._assigned = True
        self._news = asyncio.Event()

    async def append(self, uplinks: Sequence[RawUplink]) -> None:
        self._uplinks.extend(uplinks)
        self._tell()

    async def read(self, partition: int, offset: int) -> AsyncIterator[LoggedUplinks]:
        if offset > len(self._uplinks):
            raise WrongShape(f"the uplink log has {len(self._uplinks)} messages and none at {offset}: it began anew")
        while self._assigned:
            if offset < len(self._uplinks):
                batch = self._slice(partition, offset)
                offset = batch.next_offset
                yield batch
            else:
                await self._news.wait()

    async def replay(self, since_us: int, until_us: int) -> AsyncIterator[LoggedUplinks]:
        uplinks = self._uplinks
        offsets = [offset for offset, uplink in enumerate(uplinks) if since_us <= uplink.received_us < until_us]
        for start in range(0, len(offsets), _MOST):
            part = offsets[start : start + _MOST]
            yield LoggedUplinks(_PARTITION, part, [uplinks[offset] for offset in part])

    async def some(self, places: Collection[Place]) -> Mapping[Place, RawUplink]:
        kept = range(len(self._uplinks))
        return {(at, offset): self._uplinks[offset] for at, offset in places if at == _PARTITION and offset in kept}

    def assign(self) -> None:
        """Let reading begin, or begin again."""
        self._assigned = True

    def release(self) -> None:
        """End every reading after the batch in hand."""
        self._assigned = False
        self._tell()

    def _slice(self, partition: int, offset: int) -> LoggedUplinks:
        uplinks = self._uplinks[offset : offset + _MOST]
        return LoggedUplinks(partition, range(offset, offset + len(uplinks)), uplinks)

    def _tell(self) -> None:
        """Wake all who wait for news, once."""
        self._news.set()
        self._news = asyncio.Event()
