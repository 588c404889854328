"""Topics as people look at them: their size and shape, and their records from some place on."""

import asyncio
from collections import deque
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import aclosing

from msgspec import Struct

from adapters.kafka.connection import KafkaConnection
from adapters.kafka.log_record import LogRecord
from adapters.kafka.newest_records import begins_of_newest, merged, newest_of
from adapters.kafka.partition_reader import PartitionReader
from adapters.kafka.partitioner import Partitioner
from adapters.kafka.topics import Topics, TopicShape
from adapters.kafka.topics_migration import FoundTopic, KafkaTopicsMigration, mistakes

_LOOK_S = 0.5
"""Between two looks for new records."""
_HELD = 10_000
"""Records held at once, so that exactly the newest are shown, also of a compacted topic; more are shown as they are
read. A record of ours has 200 bytes to some kilobytes."""
_FETCHES_BYTES = 1_048_576
_LEAST_FETCH_BYTES = 32_768
"""Of all partitions together, and of one: where they are read by turns, a fetch of each is held."""


class SeenRecord(Struct, frozen=True):
    """A record and where it stands."""

    partition: int
    record: LogRecord


class TopicReport(Struct, frozen=True):
    """A topic as it is, beside what it must be."""

    shape: TopicShape
    found: FoundTopic | None
    """None: it is missing."""
    records: int
    """Positions between its begin and end; of a compacted topic fewer are left."""
    wrong: Sequence[str]
    """What differs from what correct results need."""
    chosen: Sequence[str]
    """What somebody set otherwise than we would have."""


class TopicRecords:
    """Records of one topic."""

    def __init__(self, connection: KafkaConnection, topics: Topics, topic: str) -> None:
        self._connection = connection
        self._topic = topic
        self._partitioner = Partitioner(topics.partitions)
        self._is_by_device = topic not in (topics.registry, topics.dead_letters)
        self._all = range(topics.partitions)

    def partitions_of(self, device: str) -> Sequence[int]:
        """Return where records about ``device`` may stand; empty: any device."""
        return [self._partitioner.of(device)] if device and self._is_by_device else self._all

    async def newest(self, device: str, most: int) -> AsyncGenerator[SeenRecord, None]:
        """Yield the newest ``most`` records, oldest first; of many, those of one partition as they stand there.

        Of a compacted topic they may be fewer, as nothing tells how many are left; of one device all are looked at, as
        nothing tells where its newest begin, and those of many twice.

        Raises:
            Unavailable, Refused: the topic cannot be read.
        """
        partitions = self.partitions_of(device)
        is_held = most * (1 if device else len(partitions)) <= _HELD
        fetch_bytes = max(_LEAST_FETCH_BYTES, _FETCHES_BYTES // len(partitions))
        async with PartitionReader(self._connection, self._topic, partitions, fetch_bytes) as reader:
            begins, ends = await reader.begins(), await reader.ends()
            found = (_held if is_held else _streamed)(reader, begins, ends, device, most)
            async with aclosing(found):
                async for partition, record in found:
                    yield SeenRecord(partition, record)

    async def since(self, device: str, start_ms: int | None, *, follow: bool) -> AsyncGenerator[SeenRecord, None]:
        """Yield records from ``start_ms`` on, partition by partition; with ``follow`` also those that come.

        Args:
            device: only about this one; empty: all.
            start_ms: 0: from the beginning; None: from the end.
            follow: never end.

        Raises:
            Unavailable, Refused: the topic cannot be read.
        """
        partitions = self.partitions_of(device)
        async with PartitionReader(self._connection, self._topic, partitions) as reader:
            ends = await reader.ends()
            positions = await _positions(reader, start_ms, ends)
            while True:
                for partition in partitions:
                    async for records in reader.read(partition, positions[partition], ends[partition]):
                        for record in records:
                            if not device or is_about(record, device):
                                yield SeenRecord(partition, record)
                    positions[partition] = max(positions[partition], ends[partition])
                if not follow:
                    return
                await asyncio.sleep(_LOOK_S)
                ends = await reader.ends()


def is_about(record: LogRecord, device: str) -> bool:
    """Say whether ``record`` speaks of ``device``: by its key, or, where that names something else, by its value."""
    wanted = device.encode()
    return wanted in (record.key or b"").lower() or wanted in (record.value or b"").lower()


async def _held(
    reader: PartitionReader, begins: Mapping[int, int], ends: Mapping[int, int], device: str, most: int
) -> AsyncGenerator[tuple[int, LogRecord], None]:
    """Yield the newest of the last ``most`` positions of each partition, of one device of all positions."""
    found: list[tuple[int, LogRecord]] = []
    for partition, begin in begins.items():
        last: deque[LogRecord] = deque(maxlen=most)
        async for records in reader.read(
            partition, begin if device else max(begin, ends[partition] - most), ends[partition]
        ):
            last.extend(each for each in records if not device or is_about(each, device))
        found += [(partition, record) for record in last]
    for each in newest_of(found, most):
        yield each


async def _streamed(
    reader: PartitionReader, begins: Mapping[int, int], ends: Mapping[int, int], device: str, most: int
) -> AsyncGenerator[tuple[int, LogRecord], None]:
    """Yield the newest ``most`` as they are read."""
    older = 0
    if device:
        async with aclosing(merged(reader, begins, ends)) as records:
            async for _, record in records:
                older += is_about(record, device)
        older -= most
    else:
        begins = await begins_of_newest(reader, begins, ends, most)
    async with aclosing(merged(reader, begins, ends)) as records:
        async for partition, record in records:
            if device and not is_about(record, device):
                continue
            older -= 1
            if older < 0:
                yield partition, record


async def _positions(reader: PartitionReader, start_ms: int | None, ends: dict[int, int]) -> dict[int, int]:
    if start_ms is None:
        return dict(ends)
    if start_ms == 0:
        return await reader.begins()
    found = await reader.since(start_ms)
    return {partition: ends[partition] if at is None else at for partition, at in found.items()}


async def topic_reports(connection: KafkaConnection, topics: Topics) -> list[TopicReport]:
    """Return all our topics as they are.

    Raises:
        Unavailable, Refused: the cluster does not say.
    """
    async with KafkaTopicsMigration(connection, topics) as migration:
        found = await migration.found()
    wrong = mistakes(topics.shapes(), found)
    names = list(found)
    counted = await asyncio.gather(*(_size(connection, name, found[name].partitions) for name in names))
    sizes = dict(zip(names, counted, strict=True))
    return [
        TopicReport(
            shape,
            found.get(shape.name),
            sizes.get(shape.name, 0),
            [each.what for each in wrong if each.topic == shape.name],
            _chosen(shape, found.get(shape.name)),
        )
        for shape in topics.shapes()
    ]


def _chosen(shape: TopicShape, found: FoundTopic | None) -> list[str]:
    if found is None:
        return []
    values = {name: found.configuration.get(name, "?") for name in shape.preferred}
    return [
        f"{name}={values[name]}, not {wanted}" for name, wanted in shape.preferred.items() if values[name] != wanted
    ]


async def _size(connection: KafkaConnection, topic: str, partitions: int) -> int:
    async with PartitionReader(connection, topic, range(partitions)) as reader:
        begins, ends = await reader.begins(), await reader.ends()
    return sum(ends[partition] - begin for partition, begin in begins.items())
