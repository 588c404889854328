"""Topics and memories as operators look at them, on a real broker."""

import asyncio
from collections.abc import Sequence

import pytest

from adapters.device_memory.record import encode
from adapters.kafka.connection import KafkaConnection
from adapters.kafka.device_memories import KafkaDeviceMemories
from adapters.kafka.inspection import TopicRecords, topic_reports
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


async def test_the_newest_come_oldest_first(records: TopicRecords, topics: Topics, producer: BatchProducer) -> None:
    await append(producer, topics, DEV, b"1", b"2", b"3", at_ms=1_000)
    await append(producer, topics, OTHER, b"4", at_ms=2_000)
    assert [seen.record.value async for seen in records.newest("", 2)][-3:] == [b"2", b"3", b"4"]


async def test_only_one_device_if_asked_for(records: TopicRecords, topics: Topics, producer: BatchProducer) -> None:
    await append(producer, topics, DEV, b"1", b"2")
    await append(producer, topics, OTHER, b"3")
    assert [seen.record.value async for seen in records.newest(DEV, 1)] == [b"2"]
    assert await since(records, OTHER, 0) == [b"3"]


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
