"""What connectors say of themselves, in its compacted topic; read whole by people and by whoever watches."""

from collections.abc import Mapping, Sequence

import msgspec

from adapters.kafka.connection import KafkaConnection
from adapters.kafka.partition_reader import PartitionReader
from adapters.kafka.partitioner import Partitioner
from adapters.kafka.producer import NO_HEADERS, BatchProducer, Lot, Record
from adapters.kafka.topics import Topics
from application.ports.connector_reports import ConnectorReport

_ENCODER = msgspec.json.Encoder()
_DECODER = msgspec.json.Decoder(ConnectorReport)


class KafkaConnectorReports:
    """A report that cannot be read, of a newer version or of somebody else, is none."""

    def __init__(self, connection: KafkaConnection, topics: Topics, producer: BatchProducer) -> None:
        self._connection = connection
        self._topics = topics
        self._producer = producer
        self._partitioner = Partitioner(topics.partitions)

    async def publish(self, reports: Sequence[ConnectorReport]) -> None:
        await self._write({report.key: _ENCODER.encode(report) for report in reports})

    async def newest(self) -> Sequence[ConnectorReport]:
        newest = await self._newest()
        return [newest[key] for key in sorted(newest)]

    async def forget(self, name: str) -> None:
        keys = [key for key, report in (await self._newest()).items() if report.name == name]
        await self._write(dict.fromkeys(keys))

    async def _newest(self) -> dict[str, ConnectorReport]:
        newest: dict[str, ConnectorReport] = {}
        partitions = range(self._topics.partitions)
        async with PartitionReader(self._connection, self._topics.connectors, partitions) as reader:
            begins, ends = await reader.begins(), await reader.ends()
            for partition in partitions:
                async for records in reader.read(partition, begins[partition], ends[partition]):
                    for record in records:
                        _take(newest, (record.key or b"").decode(errors="replace"), record.value)
        return newest

    async def _write(self, values: Mapping[str, bytes | None]) -> None:
        by_partition: dict[int, list[Record]] = {}
        for key, value in values.items():
            records = by_partition.setdefault(self._partitioner.of(key), [])
            records.append((key.encode(), value, None, NO_HEADERS))
        if by_partition:
            topic = self._topics.connectors
            await self._producer.send(Lot(topic, partition, records) for partition, records in by_partition.items())


def _take(newest: dict[str, ConnectorReport], key: str, value: bytes | None) -> None:
    if value is None:
        newest.pop(key, None)
        return
    try:
        newest[key] = _DECODER.decode(value)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        return
