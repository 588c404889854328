"""The assignment of the embedded platform: partition 0, always."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Protocol

_PARTITION = 0


class ReleasableLog(Protocol):
    """An uplink log of one partition whose readings can be ended: MemoryUplinkLog, SqliteUplinkLog."""

    def assign(self) -> None:
        """Let reading begin, or begin again."""

    def release(self) -> None:
        """End every reading after the batch in hand."""


class MemoryPartitionAssignment:
    """The one partition of ``log`` is ours from ``run`` to ``stop``."""

    def __init__(self, log: ReleasableLog) -> None:
        self._log = log
        self._stopped = asyncio.Event()

    async def run(self, work: Callable[[int], Awaitable[None]]) -> None:
        if self._stopped.is_set():
            return
        self._log.assign()
        await work(_PARTITION)
        await self._stopped.wait()

    async def stop(self) -> None:
        self._stopped.set()
        self._log.release()
