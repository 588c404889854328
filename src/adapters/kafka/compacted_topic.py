"""A compacted topic as a small table: written by key, and read on from where the last question ended."""

from collections.abc import Mapping, Sequence

from adapters.kafka.connection import KafkaConnection
from adapters.kafka.partition_reader import PartitionReader
from adapters.kafka.partitioner import Partitioner
from adapters.kafka.producer import NO_HEADERS, BatchProducer, Lot
from adapters.kafka.record_batch import Record


class CompactedTopic:
    """Keys are text and go to the partition that Java clients would choose."""

    def __init__(self, connection: KafkaConnection, topic: str, partitions: int, producer: BatchProducer) -> None:
        self._connection = connection
        self._topic = topic
        self._partitions = range(partitions)
        self._producer = producer
        self._partitioner = Partitioner(partitions)
        self._positions: dict[int, int] = {}

    async def write(self, values: Mapping[str, bytes | None]) -> None:
        """Store ``values`` by their keys, those of one partition in their order; None takes a key away.

        Raises:
            Unavailable: not all could be written; give all again.
        """
        by_partition: dict[int, list[Record]] = {}
        for key, value in values.items():
            records = by_partition.setdefault(self._partitioner.of(key), [])
            records.append((key.encode(), value, None, NO_HEADERS))
        if by_partition:
            await self._producer.send(Lot(self._topic, partition, lot) for partition, lot in by_partition.items())

    async def news(self) -> Sequence[tuple[str, bytes | None]]:
        """Return key and value of what was written since the last call that returned; of one key in order.

        Raises:
            Unavailable: they cannot be read now; the next call returns them all.
        """
        found: list[tuple[str, bytes | None]] = []
        async with PartitionReader(self._connection, self._topic, self._partitions) as reader:
            begins, ends = await reader.begins(), await reader.ends()
            for partition in self._partitions:
                begin = max(begins[partition], self._positions.get(partition, 0))
                async for records in reader.read(partition, begin, ends[partition]):
                    found += [((each.key or b"").decode(errors="replace"), each.value) for each in records]
        self._positions = ends
        return found
