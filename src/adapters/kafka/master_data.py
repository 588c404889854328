"""Master data in its compacted topic: how processes without a store hear of it."""

from collections.abc import Mapping, Sequence
from typing import cast

import msgspec

from adapters.kafka.compacted_topic import CompactedTopic
from adapters.kafka.connection import KafkaConnection
from adapters.kafka.log_record import DECODING_ERRORS
from adapters.kafka.producer import BatchProducer
from adapters.kafka.topics import Topics
from application.errors import NotFound
from application.ports.master_data import MasterRecord, R, kind_of
from application.ports.registry_changes import Removal

_ENCODER = msgspec.json.Encoder()
_DECODER: msgspec.json.Decoder[MasterRecord | Removal] = msgspec.json.Decoder(MasterRecord | Removal)
_Place = tuple[str, str]


class KafkaMasterData:
    """Read whole, kept in memory, brought up to date at every question; a removal is a record that says so.

    A tombstone would not: it knows no write time, and could not keep an older version away.
    """

    def __init__(self, connection: KafkaConnection, topics: Topics, producer: BatchProducer) -> None:
        self._topic = CompactedTopic(connection, topics.registry, topics.partitions, producer)
        self._newest: dict[_Place, MasterRecord | Removal] = {}

    async def put(self, records: Sequence[MasterRecord]) -> None:
        await self._write({(kind_of(type(record)), record.key): record for record in _oldest_first(records)})

    async def remove(self, kind: type[MasterRecord], key: str, written_us: int) -> None:
        await self._write({(kind_of(kind), key): Removal(kind_of(kind), key, written_us)})

    async def get(self, kind: type[R], key: str) -> R:
        await self.news()
        found = self._newest.get((kind_of(kind), key))
        if not isinstance(found, kind):
            raise NotFound(f"no {kind_of(kind)} {key!r} is registered", kind=kind_of(kind), key=key)
        return found

    async def page(self, kind: type[R], *, size: int, after: str = "", prefix: str = "") -> Sequence[R]:
        await self.news()
        keys = sorted(
            key
            for (_, key), record in self._newest.items()
            if isinstance(record, kind) and key > after and key.startswith(prefix)
        )
        return [cast("R", self._newest[kind_of(kind), key]) for key in keys[:size]]

    async def news(self) -> Sequence[MasterRecord | Removal]:
        """Read on from where the last call ended, and return what is newer than what was known."""
        return [taken for _, value in await self._topic.news() if (taken := self._taken(value)) is not None]

    async def _write(self, records: Mapping[_Place, MasterRecord | Removal]) -> None:
        values = {f"{kind}/{key}": _ENCODER.encode(record) for (kind, key), record in records.items()}
        await self._topic.write(values)

    def _taken(self, value: bytes | None) -> MasterRecord | Removal | None:
        """Return a record that is news; what somebody else wrote into the topic is none."""
        record = version_of(value)
        if record is None:
            return None
        place = (record.kind if isinstance(record, Removal) else kind_of(type(record))), record.key
        before = self._newest.get(place)
        if before is not None and record.written_us < before.written_us:
            return None
        self._newest[place] = record
        return record


def version_of(value: bytes | None) -> MasterRecord | Removal | None:
    """Return what a record of the topic says; None: it is nobody's."""
    try:
        return _DECODER.decode(value or b"")
    except DECODING_ERRORS:
        return None


def _oldest_first(records: Sequence[MasterRecord]) -> list[MasterRecord]:
    """Return ``records`` so that of two versions of one the later written comes last."""
    return sorted(records, key=lambda record: record.written_us)
