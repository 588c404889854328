"""Reads partitions from one known position to another, outside any group: restoring, replaying, listing."""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import AbstractContextManager
from types import TracebackType
from typing import Self, cast

from aiokafka import AIOKafkaConsumer
from aiokafka.structs import TopicPartition

from adapters.kafka.connection import KafkaConnection
from adapters.kafka.deadlines import end_within
from adapters.kafka.errors import translated
from adapters.kafka.log_record import LogRecord
from application.errors import Unavailable

_FETCH_BYTES = 1_048_576
"""Of one partition at a time, compressed: 5,000 device memories. aiokafka makes objects of all records of a fetch
before it gives the first; with eight times as much, a process that restores 185,000 devices stays 50 MB larger."""
_WAIT_S = 0.5
_FETCH_WAIT_MS = 20
"""A broker that has nothing new keeps a fetch for so long, and with it whoever goes on elsewhere: aiokafka has one
fetch on its way to a broker. With 500 ms, the usual, each jump to other records took 150 ms."""


class PartitionReader:
    """Reads ``partitions`` of ``topic``; an async context manager."""

    def __init__(
        self, connection: KafkaConnection, topic: str, partitions: Sequence[int], fetch_bytes: int = _FETCH_BYTES
    ) -> None:
        """Take what to read; ``fetch_bytes``: of one partition at a time, compressed."""
        self._connection = connection
        self._deadlines = connection.deadlines
        self._topic = topic
        self._fetch_bytes = fetch_bytes
        self._partitions = [TopicPartition(topic, partition) for partition in partitions]
        self._consumer: AIOKafkaConsumer | None = None

    async def __aenter__(self) -> Self:
        self._consumer = AIOKafkaConsumer(
            **self._connection.arguments(),
            enable_auto_commit=False,
            # What retention takes away while we read was not asked to stay: go on with what there is.
            auto_offset_reset="earliest",
            max_partition_fetch_bytes=self._fetch_bytes,
            fetch_max_wait_ms=_FETCH_WAIT_MS,
            request_timeout_ms=self._deadlines.retry_ms,
        )
        self._consumer.assign(self._partitions)
        try:
            with self._translated():
                async with asyncio.timeout(self._deadlines.start_s):
                    await self._consumer.start()
        except BaseException:
            await self._close()
            raise
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None:
        await self._close()

    async def ends(self) -> dict[int, int]:
        """Return, by partition, the position after its last record."""
        with self._translated():
            async with asyncio.timeout(self._deadlines.read_s):
                ends: dict[TopicPartition, int] = await self._opened().end_offsets(self._partitions)
        return {partition.partition: end for partition, end in ends.items()}

    async def begins(self) -> dict[int, int]:
        """Return, by partition, its first position."""
        with self._translated():
            async with asyncio.timeout(self._deadlines.read_s):
                begins: dict[TopicPartition, int] = await self._opened().beginning_offsets(self._partitions)
        return {partition.partition: begin for partition, begin in begins.items()}

    async def since(self, received_ms: int) -> dict[int, int | None]:
        """Return, by partition, the first position not older than ``received_ms``; None: there is none."""
        with self._translated():
            async with asyncio.timeout(self._deadlines.read_s):
                found = await self._opened().offsets_for_times(dict.fromkeys(self._partitions, max(0, received_ms)))
        return {partition.partition: None if at is None else at.offset for partition, at in found.items()}

    async def read(self, partition: int, begin: int, end: int) -> AsyncGenerator[Sequence[LogRecord], None]:
        """Yield what stands in ``partition`` from ``begin`` to before ``end``.

        Raises:
            Unavailable: nothing more can be read.
        """
        at = TopicPartition(self._topic, partition)
        consumer = self._opened()
        with self._translated():
            consumer.seek(at, begin)
            position, moved = begin, asyncio.get_running_loop().time()
            while position < end:
                found = await consumer.getmany(at, timeout_ms=int(_WAIT_S * 1_000))
                records = cast("Sequence[LogRecord]", found.get(at, ()))
                # Behind compacted records the position moves although nothing was read.
                now, position = asyncio.get_running_loop().time(), await consumer.position(at)
                if records:
                    yield records if records[-1].offset < end else [each for each in records if each.offset < end]
                    moved = asyncio.get_running_loop().time()
                elif now - moved > self._deadlines.read_s:
                    raise TimeoutError

    def _translated(self) -> AbstractContextManager[None]:
        return translated(f"reading {self._topic!r}", self._connection.bootstrap)

    def _opened(self) -> AIOKafkaConsumer:
        if self._consumer is None:
            raise Unavailable(f"the reader of {self._topic!r} is not open: use `async with`")
        return self._consumer

    async def _close(self) -> None:
        consumer, self._consumer = self._consumer, None
        if consumer is not None:
            await end_within(self._deadlines.stop_s, consumer.stop(), consumer._client.close)  # noqa: SLF001  cut the cable
