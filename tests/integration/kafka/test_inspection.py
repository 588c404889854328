"""Topics and memories as operators look at them, on a real broker."""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from random import Random
from typing import Any

import pytest

from adapters.device_memory.record import encode
from adapters.kafka import inspection
from adapters.kafka.connection import KafkaConnection
from adapters.kafka.device_memories import KafkaDeviceMemories
from adapters.kafka.inspection import TopicRecords, topic_reports
from adapters.kafka.log_record import LogRecord
from adapters.kafka.partition_reader import PartitionReader
from adapters.kafka.partitioner import Partitioner
from adapters.kafka.producer import NO_HEADERS, BatchProducer, Lot
from adapters.kafka.topics import Topics
from domain.device import Device, DeviceMemory
from domain.identifiers import DevEui
from tests.contract.device_memories import DeviceMemoriesContract, Remembering
from tests.integration.kafka.clients import migrated, topics_named
from tests.support.builders import DEV

pytestmark = pytest.mark.integration

OTHER = DevEui("00000000000000ff")


@pytest.fixture
def partitions() -> int:
    return 3


async def append(
    producer: BatchProducer, topics: Topics, device: str, *values: bytes, at_ms: int | None = None
) -> None:
    """Append observations of ``device``."""
    partition = Partitioner(topics.partitions).of(device)
    await producer.send(
        [Lot(topics.observations, partition, [(device.encode(), value, at_ms, NO_HEADERS) for value in values])]
    )


@pytest.fixture
def records(connection: KafkaConnection, topics: Topics) -> TopicRecords:
    return TopicRecords(connection, topics, topics.observations)


async def since(records: TopicRecords, device: str, start_ms: int | None) -> list[bytes | None]:
    return [seen.record.value async for seen in records.since(device, start_ms, follow=False)]


async def newest(records: TopicRecords, device: str, most: int) -> list[bytes | None]:
    return [seen.record.value async for seen in records.newest(device, most)]


async def test_the_newest_come_oldest_first(records: TopicRecords, topics: Topics, producer: BatchProducer) -> None:
    await append(producer, topics, DEV, b"1", b"2", b"3", at_ms=1_000)
    await append(producer, topics, OTHER, b"4", at_ms=2_000)
    assert await newest(records, "", 2) == [b"3", b"4"]
    assert await newest(records, "", 9) == [b"1", b"2", b"3", b"4"]


async def test_only_one_device_if_asked_for(records: TopicRecords, topics: Topics, producer: BatchProducer) -> None:
    await append(producer, topics, DEV, b"1", b"2")
    await append(producer, topics, OTHER, b"3")
    assert await newest(records, DEV, 1) == [b"2"]
    assert await since(records, OTHER, 0) == [b"3"]


@pytest.mark.parametrize("most", [1, 2, 5, 6, 7, 100])
async def test_more_than_may_be_held_are_the_same(
    records: TopicRecords, topics: Topics, producer: BatchProducer, monkeypatch: pytest.MonkeyPatch, most: int
) -> None:
    written = [b"0", b"1", b"2", b"3", b"4", b"5", b"6"]
    for at, value in enumerate(written):
        await append(producer, topics, (DEV, OTHER)[at % 2], value, at_ms=1_000 * (1 + at // 2 * 2))  # some at one time
    held = {device: await newest(records, device, most) for device in ("", DEV)}
    monkeypatch.setattr(inspection, "_HELD", 0)
    assert await newest(records, DEV, most) == held[DEV] == written[::2][-most:]
    streamed = await newest(records, "", most)
    assert len(streamed) == len(held[""])
    # Of two of one millisecond either is the newest.
    assert [int(each or b"") // 2 for each in streamed] == [int(each or b"") // 2 for each in held[""]]


async def test_many_are_shown_before_they_are_all_read(
    records: TopicRecords, topics: Topics, producer: BatchProducer, monkeypatch: pytest.MonkeyPatch
) -> None:
    values = [Random(number).randbytes(200_000) for number in range(40)]
    for value in values:
        await append(producer, topics, DEV, value)
    seen: list[int] = []
    read = PartitionReader.read

    async def counted(*given: Any) -> AsyncGenerator[Sequence[LogRecord], None]:  # noqa: ANN401  passed on
        async for batch in read(*given):
            seen.append(len(batch))
            yield batch

    monkeypatch.setattr(PartitionReader, "read", counted)
    async with aclosing(records.newest("", 1_000_000)) as found:
        await anext(found)
        assert sum(seen) <= len(values) / 2
        assert 1 + len([0 async for _ in found]) == len(values)


async def test_records_are_read_from_a_time_from_the_beginning_or_from_the_end(
    records: TopicRecords, topics: Topics, producer: BatchProducer
) -> None:
    await append(producer, topics, DEV, b"old", at_ms=1_000)
    await append(producer, topics, DEV, b"new", at_ms=2_000)
    assert await since(records, "", 0) == [b"old", b"new"]
    assert await since(records, "", 1_500) == [b"new"]
    assert await since(records, "", None) == []


async def test_who_follows_sees_what_comes(records: TopicRecords, topics: Topics, producer: BatchProducer) -> None:
    await append(producer, topics, DEV, b"old")
    following = records.since("", None, follow=True)
    first = asyncio.ensure_future(anext(following))
    await asyncio.sleep(1.0)  # it has looked where the end is
    await append(producer, topics, DEV, b"new")
    assert (await first).record.value == b"new"
    await following.aclose()


async def test_topics_are_counted_and_compared(
    connection: KafkaConnection, topics: Topics, producer: BatchProducer
) -> None:
    await append(producer, topics, DEV, b"1", b"2")
    wanted = topics_named(topics.uplinks.removeprefix("uplinks-"), partitions=4)
    reports = {each.shape.name: each for each in await topic_reports(connection, wanted)}
    observations = reports[topics.observations]
    assert (observations.records, list(observations.wrong)) == (2, ["has 3 partitions, not 4"])


async def test_topics_that_are_right_have_nothing_wrong(connection: KafkaConnection, topics: Topics) -> None:
    reports = await topic_reports(connection, topics)
    assert [each.shape.name for each in reports if each.wrong or each.chosen] == []
    assert len(reports) == len(topics.shapes())


async def test_a_missing_topic_is_reported(connection: KafkaConnection) -> None:
    reports = await topic_reports(connection, topics_named("never-made"))
    assert {(each.found, *each.wrong) for each in reports} == {(None, "is missing")}


async def test_of_several_memories_that_with_the_greatest_position_is_the_devices(
    connection: KafkaConnection, topics: Topics, producer: BatchProducer
) -> None:
    memories = [DeviceMemory(offset, Device(DEV, 1)) for offset in (5, 9, 7)]
    partition = Partitioner(topics.partitions).of(DEV)
    lot = [(DEV.encode(), encode(each), None, NO_HEADERS) for each in memories]
    await producer.send([Lot(topics.device_memory, partition, lot)])
    assert await KafkaDeviceMemories(connection, topics).get(DEV) == memories[1]


async def test_migrated_topics_may_be_looked_at_at_once(connection: KafkaConnection) -> None:
    topics = await migrated(connection, topics_named())
    assert [each.records for each in await topic_reports(connection, topics)] == [0] * len(topics.shapes())


class TestDeviceMemories(DeviceMemoriesContract):
    @pytest.fixture
    def remembering(self, connection: KafkaConnection, topics: Topics, producer: BatchProducer) -> Remembering:
        async def remember(memories: Sequence[DeviceMemory]) -> KafkaDeviceMemories:
            for each in memories:
                device = each.device.dev_eui
                lot = [(device.encode(), encode(each), None, NO_HEADERS)]
                await producer.send([Lot(topics.device_memory, Partitioner(topics.partitions).of(device), lot)])
            return KafkaDeviceMemories(connection, topics)

        return remember
