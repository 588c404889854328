"""Results, memory and position in Kafka, in the order that survives a kill between any two of them.

First the results are acknowledged, then the memory of the devices (the changelog), then the position is committed.
A kill before the changelog: the same uplinks meet the same memory and give the same results under the same keys. A kill
after it: the uplinks are at or below the remembered position of their device and are skipped whole.
"""

from collections.abc import Callable

from msgspec import Struct

from adapters.kafka.connection import KafkaConnection
from adapters.kafka.derived_records import derived_lots
from adapters.kafka.memory_record import decode, encode, offset_of
from adapters.kafka.partition_reader import PartitionReader
from adapters.kafka.producer import NO_HEADERS, BatchProducer, Lot, Record
from adapters.kafka.resumption import Standing, first_offset
from adapters.kafka.topics import Topics
from adapters.kafka.uplink_consumer import UplinkConsumer
from application.errors import Fenced, WrongShape
from application.ports.checkpoint import Restored
from application.processing.outcome import Outcome
from domain.device import DeviceMemory


def _nothing(_: str) -> None:
    """Pass a named point between two steps."""


class _Records(Struct):
    """A batch in the making."""

    results: dict[str, list[Record]] = {}
    """By topic."""
    memories: list[Record] = []


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
            at: called with ``outputs_acknowledged``, ``changelog_acknowledged`` and ``committed``.
        """
        self._connection = connection
        self._topics = topics
        self._producer = producer
        self._consumer = consumer
        self._at = at
        self._taken: dict[int, _Records] = {}

    async def restore(self, partition: int) -> Restored:
        self._taken.pop(partition, None)
        committed, newest = await self._position_and_memory(partition)
        begin, end = await self._consumer.bounds(partition)  # last: the log ends nowhere before what we have seen
        remembered = max((offset for offset, _ in newest.values()), default=None)
        standing = Standing(partition, committed, begin, end, remembered)
        offset = first_offset(standing)
        if standing.committed is None:
            # From now on a changelog without a position means that the topic was created anew, not that we were
            # killed before our first commit.
            await self._consumer.commit(partition, offset)
        return Restored({dev_eui: decode(value) for dev_eui, (_, value) in newest.items()}, offset)

    def take(self, partition: int, outcome: Outcome) -> None:
        taken = self._taken.setdefault(partition, _Records())
        for lot in derived_lots(outcome, partition, self._topics):
            taken.results.setdefault(lot.topic, []).extend(lot.records)
        taken.memories += self._changelog(outcome.memory)

    async def commit(self, partition: int, outcome: Outcome, next_offset: int) -> None:
        self.take(partition, outcome)
        taken = self._taken.pop(partition)
        if self._consumer.is_lost(partition):
            raise Fenced(f"partition {partition} was taken away", partition=str(partition))
        await self._producer.send(Lot(topic, partition, records) for topic, records in taken.results.items())
        self._at("outputs_acknowledged")
        if taken.memories:
            await self._producer.send([Lot(self._topics.device_memory, partition, taken.memories)])
        self._at("changelog_acknowledged")
        await self._consumer.commit(partition, next_offset)
        self._at("committed")

    def _changelog(self, memory: dict[str, DeviceMemory]) -> list[Record]:
        records: list[Record] = [(dev_eui.encode(), encode(each), None, NO_HEADERS) for dev_eui, each in memory.items()]
        limit = self._topics.limit(self._topics.device_memory)
        for key, value, _, _ in records:
            if value is not None and len(value) > limit:
                raise WrongShape(
                    f"device {key.decode()} is remembered in {len(value)} bytes, and topic"
                    f" {self._topics.device_memory!r} takes {limit}: raise its max.message.bytes and the setting",
                    dev_eui=key.decode(),
                )
        return records

    async def _position_and_memory(self, partition: int) -> tuple[int | None, dict[str, tuple[int, bytes]]]:
        """Return where the group goes on, and the records of a memory that is there or ahead.

        The position first: should we stand still in between (a paused machine), another owner may go on with the
        partition. A memory behind the position would miss what lies between, and be written as if it did not.
        """
        while True:
            committed = await self._consumer.committed(partition)
            newest = await self._newest_records(partition)
            if committed is not None or not newest or await self._consumer.committed(partition) is None:
                return committed, newest

    async def _newest_records(self, partition: int) -> dict[str, tuple[int, bytes]]:
        """Return, by device, the record with the greatest position: the last one may be an old owner's."""
        newest: dict[str, tuple[int, bytes]] = {}
        async with PartitionReader(self._connection, self._topics.device_memory, [partition]) as reader:
            begin, end = (await reader.begins())[partition], (await reader.ends())[partition]
            async for records in reader.read(partition, begin, end):
                if self._consumer.is_ending(partition):
                    raise Fenced(
                        f"partition {partition} was taken away while it was restored", partition=str(partition)
                    )
                for record in records:
                    key = (record.key or b"").decode()
                    if record.value is None:
                        newest.pop(key, None)
                        continue
                    offset = offset_of(record.value)
                    known = newest.get(key)
                    if known is None or known[0] <= offset:
                        newest[key] = (offset, record.value)
        return newest
