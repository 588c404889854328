"""Results, memory and position in Kafka, in the order that survives a kill between any two of them.

First the results are acknowledged, then the memory of the devices (the changelog), then the position is noted, to be
committed a little later. A kill before the changelog: the same uplinks meet the same memory and give the same results
under the same keys. A kill after it: the uplinks are at or below the remembered position of their device and are
skipped whole.
"""

import logging
import time
from collections.abc import Callable

from msgspec import Struct, structs

from adapters.kafka.changelog import Changelog
from adapters.kafka.changelog_reading import ChangelogReading, read_changelog
from adapters.kafka.connection import KafkaConnection
from adapters.kafka.derived_records import derived_lots
from adapters.kafka.producer import BatchProducer
from adapters.kafka.record_batch import Draft
from adapters.kafka.resumption import Standing, first_offset
from adapters.kafka.topics import Topics
from adapters.kafka.uplink_consumer import UplinkConsumer
from application.errors import Fenced
from application.ports.checkpoint import Restored
from application.processing.outcome import Outcome

_log = logging.getLogger(__name__)


def _nothing(_: str) -> None:
    """Pass a named point between two steps."""


class Restoration(Struct, frozen=True):
    """How a partition was restored."""

    partition: int
    devices: int
    records: int
    """What was read of the changelog: compaction has not yet taken all that is superseded."""
    duration_s: float
    """From when it was given to us until its first uplink could be read."""


class KafkaCheckpoint:
    """Writes through the shared producer and commits through the shared consumer."""

    def __init__(
        self,
        connection: KafkaConnection,
        topics: Topics,
        producer: BatchProducer,
        consumer: UplinkConsumer,
        at: Callable[[str], None] = _nothing,
    ) -> None:
        """Take the clients, and what to call between the steps.

        Args:
            connection: the cluster.
            topics: their names.
            producer: writes results and changelog.
            consumer: the member of the group that owns the partitions.
            at: called with ``outputs_acknowledged``, ``changelog_acknowledged`` and ``position_noted``.
        """
        self._connection = connection
        self._topics = topics
        self._producer = producer
        self._consumer = consumer
        self._at = at
        self._results: dict[int, dict[str, Draft]] = {}
        """By partition and topic, of the batch in the making."""
        self.restorations: dict[int, Restoration] = {}
        """The last of each partition that was ever ours."""
        self.changelog = Changelog(topics, producer)

    async def restore(self, partition: int) -> Restored:
        began = time.monotonic()
        self._results.pop(partition, None)
        committed, reading = await self._position_and_changelog(partition)
        begin, end = await self._consumer.bounds(partition)  # last: the log ends nowhere before what we have seen
        standing = Standing(partition, committed, begin, end, reading.remembered, was_written=reading.end > 0)
        offset = first_offset(standing)
        memory = await self.changelog.take_over(partition, reading)
        if committed is None:
            # From now on a position without a changelog means that the changelog was created anew, and a changelog
            # without a position that the log was: not that we were killed before our first commit.
            await self.changelog.begin(partition)
            await self._consumer.commit(partition, offset)
        self._tell(Restoration(partition, len(memory), reading.records, time.monotonic() - began))
        return Restored(memory, offset)

    def take(self, partition: int, outcome: Outcome) -> None:
        results = self._results.setdefault(partition, {})
        for lot in derived_lots(outcome, partition, self._topics):
            draft = results.get(lot.topic)
            if draft is None:
                draft = results[lot.topic] = self._producer.draft(lot.topic, partition)
            draft.add(lot.records)
        self.changelog.put(partition, outcome.memory)

    async def commit(self, partition: int, next_offset: int) -> None:
        results = self._results.pop(partition, {})
        if self._consumer.is_lost(partition):
            raise Fenced(f"partition {partition} was taken away", partition=str(partition))
        await self._producer.send(results.values())
        self._at("outputs_acknowledged")
        await self.changelog.flush(partition)
        self._at("changelog_acknowledged")
        self._consumer.note(partition, next_offset)
        self._at("position_noted")

    def _tell(self, restoration: Restoration) -> None:
        self.restorations[restoration.partition] = restoration
        _log.info(
            "partition %d restored: %d devices from %d records of the changelog in %.1f s",
            *structs.astuple(restoration),
        )

    async def _position_and_changelog(self, partition: int) -> tuple[int | None, ChangelogReading]:
        """Return where the group goes on, and a changelog that is there or ahead.

        The position first: should we stand still in between (a paused machine), another owner may go on with the
        partition. A memory behind the position would miss what lies between, and be written as if it did not.
        """
        while True:
            committed = await self._consumer.committed(partition)
            reading = await read_changelog(
                self._connection, self.changelog.topic, partition, lambda: self._consumer.is_ending(partition)
            )
            if committed is not None or not reading.newest or await self._consumer.committed(partition) is None:
                return committed, reading
