"""The changelog of our partitions: what is remembered of each device, written after the results it belongs to.

Compaction keeps the last record of a device, whichever position it speaks of. So a device whose last record is an older
one, of a former owner that was paused and did not know yet, is written again: when its partition is restored, and
from then on whenever ``adapters.kafka.changelog_repair`` finds one.
"""

import asyncio
from collections.abc import Collection

from adapters.device_memory.encoded_memories import EncodedMemories
from adapters.device_memory.record import encode
from adapters.kafka.changelog_reading import ChangelogReading
from adapters.kafka.own_records import OwnRecords
from adapters.kafka.producer import NO_HEADERS, BatchProducer, Lot
from adapters.kafka.record_batch import Record
from adapters.kafka.topics import Topics
from application.errors import WrongShape
from domain.device import DeviceMemory

_NO_DEVICE = b""


class ChangelogPartition:
    """What we have of a partition while it is ours."""

    def __init__(self, reading: ChangelogReading) -> None:
        self.memories = EncodedMemories(reading.newest)
        self.own = OwnRecords(reading.end)
        self.restored_end = reading.end
        """The position after the last record when it was restored; 0: there never was one."""
        self.waiting: dict[str, bytes] = {}
        """Records whose results are not acknowledged yet: they are written after these, never before."""
        self.writing = asyncio.Lock()
        """One writes at a time: of two records of a device the older must not come last."""


class Changelog:
    """Shared by checkpoint and repair of one process."""

    def __init__(self, topics: Topics, producer: BatchProducer) -> None:
        self.topic = topics.device_memory
        self.partitions: dict[int, ChangelogPartition] = {}
        """Those that were restored."""
        self.stale = 0
        """How often the last record of a device was older than its memory, and was written again."""
        self._limit = topics.limit(topics.device_memory)
        self._producer = producer

    async def take_over(self, partition: int, reading: ChangelogReading) -> EncodedMemories:
        """Go on with what was read; return what is remembered from now on.

        Raises:
            Unavailable: a record that had to be written again was not acknowledged in time.
        """
        taken = self.partitions[partition] = ChangelogPartition(reading)
        await self.write_again(partition, reading.stale)
        return taken.memories

    async def begin(self, partition: int) -> None:
        """Write a tombstone of no device where nothing was ever written: from now on the partition does not end at 0.

        One that does is not the one we knew: compaction takes records, but no position.

        Raises:
            Unavailable: not acknowledged in time.
        """
        ours = self.partitions[partition]
        async with ours.writing:
            if not ours.restored_end:
                await self._send(partition, ours, [(_NO_DEVICE, None, None, NO_HEADERS)])

    def forget(self, partition: int) -> None:
        """Let go of ``partition``, which is not ours any more."""
        self.partitions.pop(partition, None)

    def put(self, partition: int, memory: dict[str, DeviceMemory]) -> None:
        """Remember ``memory`` from now on; it is written with the next ``flush``.

        Raises:
            WrongShape: no record takes it.
        """
        records = {dev_eui: encode(each) for dev_eui, each in memory.items()}
        for dev_eui, value in records.items():
            if len(value) > self._limit:
                raise self._too_large(dev_eui, value)
        ours = self.partitions[partition]
        ours.memories.put(records)
        ours.waiting.update(records)

    async def flush(self, partition: int) -> None:
        """Write what was put: its results are acknowledged.

        Raises:
            Unavailable: not acknowledged in time; some of it may be written.
        """
        ours = self.partitions[partition]
        async with ours.writing:
            await self._write(partition, ours, ours.waiting)
            ours.waiting = {}

    async def write_again(self, partition: int, devices: Collection[str]) -> None:
        """Write what is remembered of ``devices``, unless it is about to be written anyway.

        Raises:
            Unavailable: not acknowledged in time; some of it may be written.
        """
        ours = self.partitions[partition]
        async with ours.writing:
            records = {
                each: record
                for each in sorted(devices)
                if each not in ours.waiting and (record := ours.memories.record(each)) is not None
            }
            await self._write(partition, ours, records)
        self.stale += len(records)

    async def _write(self, partition: int, ours: ChangelogPartition, records: dict[str, bytes]) -> None:
        if records:
            await self._send(
                partition, ours, [(each.encode(), value, None, NO_HEADERS) for each, value in records.items()]
            )

    async def _send(self, partition: int, ours: ChangelogPartition, records: list[Record]) -> None:
        for batch in await self._producer.send([Lot(self.topic, partition, records)]):
            ours.own.wrote(batch.first, batch.records)

    def _too_large(self, dev_eui: str, value: bytes) -> WrongShape:
        return WrongShape(
            f"device {dev_eui} is remembered in {len(value)} bytes, and topic {self.topic!r} takes {self._limit}: raise"
            " its max.message.bytes and the setting",
            dev_eui=dev_eui,
        )
