"""The uplink log in Kafka: one topic, partitioned by device as Kafka's Java clients would."""

from collections.abc import AsyncIterator, Callable, Collection, Mapping, Sequence

from adapters.kafka.connection import KafkaConnection
from adapters.kafka.partition_reader import PartitionReader
from adapters.kafka.partitioner import Partitioner
from adapters.kafka.producer import BatchProducer
from adapters.kafka.record_batch import Draft, Record
from adapters.kafka.records_at import records_at
from adapters.kafka.topics import Topics
from adapters.kafka.uplink_consumer import UplinkConsumer
from adapters.kafka.uplink_record import is_cut, logged, record_of
from application.errors import Fenced
from application.ports.uplink_log import PART, LoggedUplinks, Place, RawUplink

_DELAY_US = 86_400_000_000
"""A day: a process that cannot append what it received gives up within minutes, so nothing comes later than that."""

KeyOf = Callable[[RawUplink], str | None]
"""Names the device of an uplink, in lower case; None: it cannot be told."""


class KafkaUplinkLog:
    """Appends through the producer and reads through the group's consumer; each is needed only by who does so."""

    def __init__(
        self,
        connection: KafkaConnection,
        topics: Topics,
        producer: BatchProducer,
        consumer: UplinkConsumer,
        key_of: KeyOf,
    ) -> None:
        self._connection = connection
        self._topics = topics
        self._producer = producer
        self._consumer = consumer
        self._key_of = key_of
        self._partitioner = Partitioner(topics.partitions)
        self.cut = 0
        """Uplinks that were too large for a record: only their beginning is kept."""

    async def append(self, uplinks: Sequence[RawUplink]) -> None:
        drafts: dict[int, Draft] = {}
        for start in range(0, len(uplinks), PART):
            for partition, records in self._records(uplinks[start : start + PART]).items():
                draft = drafts.get(partition)
                if draft is None:
                    draft = drafts[partition] = self._producer.draft(self._topics.uplinks, partition)
                draft.add(records)
        if drafts:
            await self._producer.send(drafts.values())

    async def read(self, partition: int, offset: int) -> AsyncIterator[LoggedUplinks]:
        if self._consumer.is_ending(partition):
            return
        try:
            self._consumer.seek(partition, offset)
        except Fenced:
            return
        while (records := await self._consumer.read(partition)) is not None:
            while records:
                following = self._consumer.read_on(partition)
                yield logged(partition, records, more=bool(following))
                records = following

    async def replay(self, since_us: int, until_us: int) -> AsyncIterator[LoggedUplinks]:
        partitions = range(self._topics.partitions)
        async with PartitionReader(self._connection, self._topics.uplinks, partitions) as reader:
            ends = await reader.ends()
            begins = await reader.since(since_us // 1_000)
            later = await reader.since((until_us + _DELAY_US) // 1_000)
            for partition, begin in begins.items():
                end = ends[partition] if (beyond := later[partition]) is None else beyond
                async for records in reader.read(partition, end if begin is None else begin, end):
                    if (chosen := _within(logged(partition, records), since_us, until_us)).offsets:
                        yield chosen

    async def some(self, places: Collection[Place]) -> Mapping[Place, RawUplink]:
        partitions = range(self._topics.partitions)
        async with PartitionReader(self._connection, self._topics.uplinks, partitions) as reader:
            found = await records_at(reader, places)
        return {place: logged(place[0], [record]).uplinks[0] for place, record in found.items()}

    def _records(self, uplinks: Sequence[RawUplink]) -> dict[int, list[Record]]:
        """Return ``uplinks`` as records, by partition."""
        by_partition: dict[int, list[Record]] = {}
        limit = self._topics.limit(self._topics.uplinks)
        for uplink in uplinks:
            key = self._key_of(uplink) or uplink.topic
            record = record_of(uplink, key, limit)
            by_partition.setdefault(self._partitioner.of(key), []).append(record)
            self.cut += is_cut(record)
        return by_partition


def _within(batch: LoggedUplinks, since_us: int, until_us: int) -> LoggedUplinks:
    """Return what of ``batch`` was received in time: its neighbours in the log may be a little older or newer."""
    pairs = [
        (offset, uplink)
        for offset, uplink in zip(batch.offsets, batch.uplinks, strict=True)
        if since_us <= uplink.received_us < until_us
    ]
    return LoggedUplinks(batch.partition, [offset for offset, _ in pairs], [uplink for _, uplink in pairs])
