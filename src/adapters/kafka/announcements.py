"""The topic of the registry as it is written: every version, in the order that all processes see.

A version is the record itself, as ``KafkaMasterData`` writes it, with the field ``made_of_us`` beside its own; who only
wants the latest version does not look at it.
"""

from collections.abc import Sequence

import msgspec
from msgspec import Struct

from adapters.kafka.compacted_topic import CompactedTopic
from adapters.kafka.connection import KafkaConnection
from adapters.kafka.master_data import version_of
from adapters.kafka.partition_reader import PartitionReader
from adapters.kafka.producer import BatchProducer
from adapters.kafka.topics import Topics
from application.ports.clock import Clock
from application.ports.registry_changes import Announced

_BACK_MS = 120_000
"""How far the first look goes back: longer than a change takes from reading to announcing."""
_US_PER_MS = 1_000


class _Origin(Struct):
    made_of_us: int | None = None


_encode = msgspec.json.Encoder().encode
_origin = msgspec.json.Decoder(_Origin)


class KafkaAnnouncements:
    """Read on from where the last look ended; nothing of it is kept."""

    def __init__(self, connection: KafkaConnection, topics: Topics, producer: BatchProducer, clock: Clock) -> None:
        self._connection = connection
        self._topic = CompactedTopic(connection, topics.registry, topics.partitions, producer)
        self._name = topics.registry
        self._partitions = range(topics.partitions)
        self._clock = clock
        self._positions: dict[int, int] = {}

    async def announce(self, versions: Sequence[Announced]) -> None:
        await self._topic.write({"/".join(each.place): _value(each) for each in versions})

    async def since_last(self) -> Sequence[Announced]:
        found: list[Announced | None] = []
        async with PartitionReader(self._connection, self._name, self._partitions) as reader:
            begins, ends = await reader.begins(), await reader.ends()
            positions = self._positions or await self._first(reader, ends)
            for partition in self._partitions:
                begin = max(begins[partition], positions[partition])
                async for records in reader.read(partition, begin, ends[partition]):
                    found += [_announced(each.value) for each in records]
        self._positions = ends
        return [each for each in found if each is not None]

    async def _first(self, reader: PartitionReader, ends: dict[int, int]) -> dict[int, int]:
        found = await reader.since(self._clock.now_us() // _US_PER_MS - _BACK_MS)
        return {partition: ends[partition] if at is None else at for partition, at in found.items()}


def _value(announced: Announced) -> bytes:
    body = _encode(announced.version)
    return body if announced.made_of_us is None else b'%b,"made_of_us":%d}' % (body[:-1], announced.made_of_us)


def _announced(value: bytes | None) -> Announced | None:
    version = version_of(value)
    return None if version is None or value is None else Announced(version, _origin.decode(value).made_of_us)
