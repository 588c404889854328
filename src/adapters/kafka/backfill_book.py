"""What backfill remembers, in its compacted topic; brought up to date at every question."""

from collections.abc import Mapping, Sequence

import msgspec

from adapters.kafka.connection import KafkaConnection
from adapters.kafka.partition_reader import PartitionReader
from adapters.kafka.partitioner import Partitioner
from adapters.kafka.producer import NO_HEADERS, BatchProducer, Lot, Record
from adapters.kafka.topics import Topics
from application.ports.backfill_book import Entry

_ENCODER = msgspec.json.Encoder()
_DECODER = msgspec.json.Decoder(Entry)


class KafkaBackfillBook:
    """An entry that cannot be read, of a newer version or of somebody else, is none."""

    def __init__(self, connection: KafkaConnection, topics: Topics, producer: BatchProducer) -> None:
        self._connection = connection
        self._topics = topics
        self._producer = producer
        self._partitioner = Partitioner(topics.partitions)
        self._newest: dict[str, Entry] = {}
        self._positions: dict[int, int] = {}

    async def put(self, entries: Sequence[Entry]) -> None:
        await self._write({entry.key: _ENCODER.encode(entry) for entry in entries})

    async def forget(self, entries: Sequence[Entry]) -> None:
        await self._write(dict.fromkeys(entry.key for entry in entries))

    async def entries(self) -> Sequence[Entry]:
        partitions = range(self._topics.partitions)
        async with PartitionReader(self._connection, self._topics.backfill, partitions) as reader:
            begins, ends = await reader.begins(), await reader.ends()
            for partition in partitions:
                begin = max(begins[partition], self._positions.get(partition, 0))
                async for records in reader.read(partition, begin, ends[partition]):
                    for record in records:
                        self._take((record.key or b"").decode(errors="replace"), record.value)
                self._positions[partition] = ends[partition]
        return [self._newest[key] for key in sorted(self._newest)]

    async def _write(self, values: Mapping[str, bytes | None]) -> None:
        by_partition: dict[int, list[Record]] = {}
        for key, value in values.items():
            records = by_partition.setdefault(self._partitioner.of(key), [])
            records.append((key.encode(), value, None, NO_HEADERS))
        if by_partition:
            topic = self._topics.backfill
            await self._producer.send(Lot(topic, partition, records) for partition, records in by_partition.items())

    def _take(self, key: str, value: bytes | None) -> None:
        if value is None:
            self._newest.pop(key, None)
            return
        try:
            entry = _DECODER.decode(value)
        except (msgspec.MsgspecError, UnicodeDecodeError):
            return
        known = self._newest.get(key)
        if known is None or known.written_us <= entry.written_us:
            self._newest[key] = entry
