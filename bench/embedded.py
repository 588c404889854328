"""The embedded pipeline: source, raw log, decoding, accounting, memory, readings, all durable in SQLite."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import msgspec

from application.ingest import Ingest
from application.ports.uplink_log import RawUplink
from application.ports.uplink_source import Delivery, UplinkSource
from application.processing.processing import Processing
from bench.city import messages
from bench.measure import measured
from stadtfunk.container.embedded import Embedded
from stadtfunk.settings import DataSettings, Settings

_BATCH = 500
"""Messages of a delivery, as the MQTT source gives them when it is behind."""


class ListSource:
    """Hands over what it was given, as fast as it is asked."""

    def __init__(self, uplinks: list[RawUplink]) -> None:
        self._uplinks = uplinks
        self._next = 0

    async def receive(self) -> Delivery | None:
        """Return the next batch."""
        batch = self._uplinks[self._next : self._next + _BATCH]
        self._next += len(batch)
        return Delivery(batch) if batch else None

    async def acknowledge(self, delivery: Delivery) -> None:
        """Nothing can be given again."""


async def from_memory(count: int) -> None:
    """Measure the pipeline alone: an in-process source."""
    now = Embedded(settings=Settings()).clock().now_us()
    uplinks = [RawUplink("city", "tts", topic, body, now) for topic, body in messages(count)]
    async with platform() as container:
        with measured("embedded, in-process source") as run:
            run.uplinks = len(uplinks)
            await drained(container, ListSource(uplinks), len(uplinks))


@asynccontextmanager
async def platform() -> AsyncIterator[Embedded]:
    """Yield an embedded platform over a folder of its own."""
    with TemporaryDirectory(prefix="stadtfunk-bench-") as folder:
        settings = msgspec.structs.replace(Settings(), data=DataSettings(folder=str(Path(folder))))
        container = Embedded(settings=settings)
        async with container.database(), container.checkpoint():
            yield container


async def drained(
    container: Embedded, source: UplinkSource, expected: int, begin: Callable[[], Awaitable[None]] | None = None
) -> Processing:
    """Run the pipeline until ``expected`` uplinks are accounted for."""
    ingest, processing, assignment = Ingest(source, container.log()), container.processing(), container.assignment()
    parts = [asyncio.create_task(ingest.run()), asyncio.create_task(assignment.run(processing.work))]
    if begin is not None:
        await begin()
    while processing.counts.came_in < expected:
        await asyncio.sleep(0.005)
        for part in parts:
            if part.done():
                part.result()
    ingest.stop()
    await assignment.stop()
    await asyncio.gather(*parts)
    return processing
