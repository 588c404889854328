"""What connectors say of themselves, in its compacted topic; read by people and by whoever watches."""

from collections.abc import Sequence

import msgspec

from adapters.kafka.compacted_topic import CompactedTopic
from adapters.kafka.connection import KafkaConnection
from adapters.kafka.log_record import DECODING_ERRORS
from adapters.kafka.producer import BatchProducer
from adapters.kafka.topics import Topics
from application.ports.connector_reports import ConnectorReport

_ENCODER = msgspec.json.Encoder()
_DECODER = msgspec.json.Decoder(ConnectorReport)


class KafkaConnectorReports:
    """A report that cannot be read, of a newer version or of somebody else, is none."""

    def __init__(self, connection: KafkaConnection, topics: Topics, producer: BatchProducer) -> None:
        self._topic = CompactedTopic(connection, topics.connectors, topics.partitions, producer)
        self._newest: dict[str, ConnectorReport] = {}

    async def publish(self, reports: Sequence[ConnectorReport]) -> None:
        await self._topic.write({report.key: _ENCODER.encode(report) for report in reports})

    async def newest(self) -> Sequence[ConnectorReport]:
        for key, value in await self._topic.news():
            self._take(key, value)
        return [self._newest[key] for key in sorted(self._newest)]

    async def forget(self, name: str) -> None:
        await self._topic.write(dict.fromkeys(each.key for each in await self.newest() if each.name == name))

    def _take(self, key: str, value: bytes | None) -> None:
        if value is None:
            self._newest.pop(key, None)
            return
        try:
            self._newest[key] = _DECODER.decode(value)
        except DECODING_ERRORS:
            return
