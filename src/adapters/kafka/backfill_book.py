"""What backfill remembers, in its compacted topic; brought up to date at every question."""

from collections.abc import Sequence

import msgspec

from adapters.kafka.compacted_topic import CompactedTopic
from adapters.kafka.connection import KafkaConnection
from adapters.kafka.log_record import DECODING_ERRORS
from adapters.kafka.producer import BatchProducer
from adapters.kafka.topics import Topics
from application.ports.backfill_book import Entry

_ENCODER = msgspec.json.Encoder()
_DECODER = msgspec.json.Decoder(Entry)


class KafkaBackfillBook:
    """An entry that cannot be read, of a newer version or of somebody else, is none."""

    def __init__(self, connection: KafkaConnection, topics: Topics, producer: BatchProducer) -> None:
        self._topic = CompactedTopic(connection, topics.backfill, topics.partitions, producer)
        self._newest: dict[str, Entry] = {}

    async def put(self, entries: Sequence[Entry]) -> None:
        await self._topic.write({entry.key: _ENCODER.encode(entry) for entry in entries})

    async def forget(self, entries: Sequence[Entry]) -> None:
        await self._topic.write(dict.fromkeys(entry.key for entry in entries))

    async def entries(self) -> Sequence[Entry]:
        for key, value in await self._topic.news():
            self._take(key, value)
        return [self._newest[key] for key in sorted(self._newest)]

    def _take(self, key: str, value: bytes | None) -> None:
        if value is None:
            self._newest.pop(key, None)
            return
        try:
            entry = _DECODER.decode(value)
        except DECODING_ERRORS:
            return
        known = self._newest.get(key)
        if known is None or known.written_us <= entry.written_us:
            self._newest[key] = entry
