"""Ingest: from the source of uplinks to the log, untouched; acknowledged only once they are durable."""

import asyncio

from application.ports.uplink_log import UplinkLog
from application.ports.uplink_source import Delivery, UplinkSource
from application.stage_counts import StageCounts


class Ingest:
    """Moves deliveries, one after the other, from a source into the log."""

    def __init__(self, source: UplinkSource, log: UplinkLog) -> None:
        self._source = source
        self._log = log
        self._stop = asyncio.Event()
        self.counts = StageCounts()

    async def run(self) -> None:
        """Work until the source has come to its end, or ``stop``.

        Raises:
            Unavailable: source or log cannot do their work; what was not acknowledged, the source gives again.
            Refused: the source will not have us.
        """
        stopping = asyncio.create_task(self._stop.wait())
        try:
            while (delivery := await self._next(stopping)) is not None:
                arrived = len(delivery.uplinks)
                self.counts.came_in += arrived
                await self._log.append(delivery.uplinks)
                self.counts.out += arrived
                await self._source.acknowledge(delivery)
        finally:
            stopping.cancel()

    def stop(self) -> None:
        """End after the delivery in hand, which is made durable and acknowledged first."""
        self._stop.set()

    async def _next(self, stopping: "asyncio.Task[bool]") -> Delivery | None:
        """Return the next delivery, or None at the end; what was handed over while we were told to stop is kept."""
        if stopping.done():
            return None
        receiving = asyncio.create_task(self._source.receive())
        try:
            await asyncio.wait({receiving, stopping}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            if not receiving.done():
                receiving.cancel()
        try:
            return await receiving
        except asyncio.CancelledError:
            if stopping.done():
                return None
            raise
