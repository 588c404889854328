"""Repairs the changelog of our partitions where a former owner wrote last.

A process that stood still for longer than its session may append records when it wakes up: commits of positions are
fenced by the broker, appends are not. Compaction keeps the last record of a device, so after the compaction lag (1 h)
the older one alone would be left. Long before, its owner notices records that it did not write, and writes its own
again behind them. A process that owns it no longer does no harm here: all it finds is newer than what it remembers.
"""

import asyncio
import logging
import time
from collections.abc import Callable, Sequence

from adapters.device_memory.record import offset_of
from adapters.kafka.changelog import Changelog, ChangelogPartition
from adapters.kafka.connection import KafkaConnection
from adapters.kafka.log_record import LogRecord
from adapters.kafka.partition_reader import PartitionReader
from adapters.kafka.uplink_consumer import UplinkConsumer
from application.errors import Unavailable
from application.stopping import stopped_within

_log = logging.getLogger(__name__)

EVERY_S = 30.0
"""A look costs a consumer's start, some 20 ms. What is found is repaired within two of them: 60 s of the hour that
compaction waits."""
_BLIND_S = 1_800.0
"""Without any look for half that hour we give up: whoever restores next repairs."""


class ChangelogRepair:
    """Looks at the end of our partitions again and again; reads only what others wrote."""

    def __init__(
        self,
        connection: KafkaConnection,
        changelog: Changelog,
        consumer: UplinkConsumer,
        every_s: float = EVERY_S,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        """Take what to look after.

        Args:
            connection: the cluster.
            changelog: of this process.
            consumer: says which partitions are ours.
            every_s: how far apart the looks are.
            now: seconds of a clock that never goes back.
        """
        self._connection = connection
        self._changelog = changelog
        self._consumer = consumer
        self._every_s = every_s
        self._now = now
        self._stopped = asyncio.Event()

    async def run(self) -> None:
        """Look until ``stop``.

        Raises:
            Unavailable: for half an hour nobody could look.
            WrongShape: somebody else's records are of a newer version, or nobody's.
        """
        looked_s = self._now()
        while not await stopped_within(self._stopped, self._every_s):
            try:
                await self.look()
            except Unavailable as error:
                if self._now() - looked_s > _BLIND_S:
                    raise
                _log.warning("the changelog cannot be looked at: %s", error)
            else:
                looked_s = self._now()

    def stop(self) -> None:
        """End ``run``."""
        self._stopped.set()

    async def look(self) -> None:
        """Write again what another overwrote before the last look.

        Raises:
            Unavailable, Refused: the changelog cannot be read or written now.
        """
        for partition in list(self._changelog.partitions):
            if self._consumer.is_lost(partition):
                self._changelog.forget(partition)
        ours = dict(self._changelog.partitions)
        if not ours:
            return
        for partition, end in (await self._consumer.ends(self._changelog.topic, ours)).items():
            own = ours[partition].own
            if others := own.others():
                await self._repair(partition, ours[partition], others, end)
            own.looked(end)

    async def _repair(self, partition: int, ours: ChangelogPartition, others: Sequence[range], end: int) -> None:
        last = await self._last_positions(partition, others, end)
        stale = [device for device, offset in last.items() if offset < ours.memories.offset(device)]
        if stale:
            _log.warning(
                "a former owner of partition %d wrote %d devices behind us, older than we know them: written again",
                partition,
                len(stale),
            )
            await self._changelog.write_again(partition, stale)

    async def _last_positions(self, partition: int, others: Sequence[range], end: int) -> dict[str, int]:
        """Return what the last record says of each device that ``others`` speak of: ours may have come behind them."""
        last: dict[str, int] = {}
        async with PartitionReader(self._connection, self._changelog.topic, [partition]) as reader:
            async for records in reader.read(partition, others[0].start, end):
                note_last(last, records, others)
        return last


def note_last(last: dict[str, int], records: Sequence[LogRecord], others: Sequence[range]) -> None:
    """Note in ``last`` the position that each of ``records`` speaks of, if ``others`` wrote of its device before."""
    for record in records:
        device = (record.key or b"").decode()
        if record.value is None:
            last.pop(device, None)
        elif device in last or any(record.offset in each for each in others):
            last[device] = offset_of(record.value)
