"""What the checkpoint does where log, changelog and group do not agree."""

from collections.abc import AsyncIterator

import pytest

from adapters.device_memory.record import encode
from adapters.kafka.checkpoint import KafkaCheckpoint
from adapters.kafka.connection import KafkaConnection
from adapters.kafka.producer import NO_HEADERS, BatchProducer, Lot
from adapters.kafka.record_batch import Record
from adapters.kafka.topics import Topics
from adapters.kafka.uplink_consumer import UplinkConsumer
from application.errors import Fenced, WrongShape
from application.ports.checkpoint import Restored
from application.processing.outcome import Outcome
from domain.device import Device, DeviceMemory
from domain.identifiers import DevEui
from tests.integration.kafka.clients import (
    migrated,
    owning,
    records_of,
    recreate,
    remove_records,
    topics_named,
    uplink_consumer,
)
from tests.support.builders import DEV, an_observation

pytestmark = pytest.mark.integration
OTHER = DevEui("00000000000000ff")


def a_memory(offset: int, dev_eui: str = DEV, attributes: dict[str, str] | None = None) -> DeviceMemory:
    """Return what is remembered of a device after the uplink at ``offset``."""
    return DeviceMemory(offset, Device(DevEui(dev_eui), offset, attributes=attributes or {}))


def changelog_record(memory: DeviceMemory) -> Record:
    """Return ``memory`` as the checkpoint writes it."""
    return memory.device.dev_eui.encode(), encode(memory), None, NO_HEADERS


@pytest.fixture
async def consumer(connection: KafkaConnection, topics: Topics) -> AsyncIterator[UplinkConsumer]:
    async with uplink_consumer(connection, topics) as consumer, owning(consumer):
        yield consumer


@pytest.fixture
def checkpoint(
    connection: KafkaConnection, topics: Topics, producer: BatchProducer, consumer: UplinkConsumer
) -> KafkaCheckpoint:
    return KafkaCheckpoint(connection, topics, producer, consumer)


async def restored_anew(connection: KafkaConnection, topics: Topics, producer: BatchProducer) -> Restored:
    """Return what a new process of the group restores."""
    async with uplink_consumer(connection, topics) as consumer, owning(consumer):
        return await KafkaCheckpoint(connection, topics, producer, consumer).restore(0)


@pytest.fixture
async def hundred_uplinks(topics: Topics, producer: BatchProducer) -> None:
    await producer.send([Lot(topics.uplinks, 0, [(b"k", b"{}", None, NO_HEADERS)] * 100)])


@pytest.mark.usefixtures("hundred_uplinks")
async def test_of_several_records_of_a_device_the_one_with_the_greatest_position_counts(
    topics: Topics, producer: BatchProducer, checkpoint: KafkaCheckpoint
) -> None:
    """A former owner that does not know yet may have written last."""
    await checkpoint.restore(0)
    written = [a_memory(3), a_memory(7, OTHER), a_memory(9), a_memory(5), a_memory(2, OTHER)]
    await producer.send([Lot(topics.device_memory, 0, [changelog_record(memory) for memory in written])])
    restored = await checkpoint.restore(0)
    assert restored.memory == {DEV: a_memory(9), OTHER: a_memory(7, OTHER)}


@pytest.mark.usefixtures("hundred_uplinks")
async def test_an_erased_device_is_not_restored(
    topics: Topics, producer: BatchProducer, checkpoint: KafkaCheckpoint
) -> None:
    await checkpoint.restore(0)
    tombstone: Record = (DEV.encode(), None, None, NO_HEADERS)
    await producer.send([Lot(topics.device_memory, 0, [changelog_record(a_memory(3)), tombstone])])
    assert (await checkpoint.restore(0)).memory == {}


@pytest.mark.usefixtures("hundred_uplinks")
async def test_a_memory_of_a_newer_version_stops_us(
    topics: Topics, producer: BatchProducer, checkpoint: KafkaCheckpoint
) -> None:
    await checkpoint.restore(0)
    newer: Record = (DEV.encode(), b"\x07" + encode(a_memory(3))[1:], None, NO_HEADERS)
    await producer.send([Lot(topics.device_memory, 0, [newer])])
    with pytest.raises(WrongShape, match="version 7, and this program knows"):
        await checkpoint.restore(0)


@pytest.mark.usefixtures("hundred_uplinks")
async def test_each_partition_has_its_own_memory(connection: KafkaConnection, producer: BatchProducer) -> None:
    topics = await migrated(connection, topics_named(partitions=2))
    async with uplink_consumer(connection, topics) as consumer, owning(consumer, range(2)):
        checkpoint = KafkaCheckpoint(connection, topics, producer, consumer)
        await producer.send([Lot(topics.uplinks, 1, [(b"k", b"{}", None, NO_HEADERS)] * 10)])
        await checkpoint.restore(0)
        await checkpoint.restore(1)
        checkpoint.take(1, Outcome([an_observation()], memory={DEV: a_memory(3)}))
        await checkpoint.commit(1, 4)
        assert await checkpoint.restore(0) == Restored({}, 0)
        assert await checkpoint.restore(1) == Restored({DEV: a_memory(3)}, 4)
    assert len(await records_of(connection, topics.observations, [1])) == 1


async def test_a_log_created_anew_stops_us(
    connection: KafkaConnection, topics: Topics, producer: BatchProducer, hundred_uplinks: None
) -> None:
    async with uplink_consumer(connection, topics) as consumer, owning(consumer):
        checkpoint = KafkaCheckpoint(connection, topics, producer, consumer)
        await checkpoint.restore(0)
        checkpoint.take(0, Outcome(memory={DEV: a_memory(50)}))
        await checkpoint.commit(0, 51)
    await recreate(connection, topics, topics.uplinks)
    async with BatchProducer(connection, max_batch_bytes=topics.max_message_bytes) as anew:
        await anew.send([Lot(topics.uplinks, 0, [(b"k", b"{}", None, NO_HEADERS)] * 10)])
        with pytest.raises(WrongShape, match="created anew"):
            await restored_anew(connection, topics, anew)


@pytest.mark.usefixtures("hundred_uplinks")
async def test_a_changelog_created_anew_stops_us(connection: KafkaConnection, topics: Topics) -> None:
    async with (
        BatchProducer(connection, max_batch_bytes=topics.max_message_bytes) as producer,
        uplink_consumer(connection, topics) as consumer,
        owning(consumer),
    ):
        checkpoint = KafkaCheckpoint(connection, topics, producer, consumer)
        await checkpoint.restore(0)
        checkpoint.take(0, Outcome(memory={DEV: a_memory(50)}))
        await checkpoint.commit(0, 51)
    await recreate(connection, topics, topics.device_memory)
    async with BatchProducer(connection, max_batch_bytes=topics.max_message_bytes) as anew:
        with pytest.raises(WrongShape, match=r"nothing was ever written to the changelog.*--delete-offsets"):
            await restored_anew(connection, topics, anew)


@pytest.mark.usefixtures("hundred_uplinks")
async def test_uplinks_of_which_nothing_is_remembered_are_no_changelog_created_anew(
    connection: KafkaConnection, topics: Topics, producer: BatchProducer
) -> None:
    """Bad ones, for example."""
    async with uplink_consumer(connection, topics) as consumer, owning(consumer):
        checkpoint = KafkaCheckpoint(connection, topics, producer, consumer)
        await checkpoint.restore(0)
        await checkpoint.commit(0, 51)
        assert await consumer.committed(0) == 51
    assert await restored_anew(connection, topics, producer) == Restored({}, 51)


@pytest.mark.usefixtures("hundred_uplinks")
async def test_uplinks_that_retention_took_before_they_were_processed_stop_us(
    connection: KafkaConnection, topics: Topics, producer: BatchProducer, checkpoint: KafkaCheckpoint
) -> None:
    await checkpoint.restore(0)
    await checkpoint.commit(0, 20)
    await remove_records(connection, topics.uplinks, 30)
    with pytest.raises(WrongShape, match="10 uplinks were removed before they were processed"):
        await checkpoint.restore(0)


@pytest.mark.usefixtures("hundred_uplinks")
async def test_the_first_start_takes_what_retention_left(
    connection: KafkaConnection, topics: Topics, checkpoint: KafkaCheckpoint
) -> None:
    await remove_records(connection, topics.uplinks, 30)
    assert (await checkpoint.restore(0)).offset == 30


@pytest.mark.usefixtures("hundred_uplinks")
async def test_a_kill_before_the_first_commit_is_no_log_created_anew(
    connection: KafkaConnection, topics: Topics, producer: BatchProducer
) -> None:
    def killed(point: str) -> None:
        if point == "changelog_acknowledged":
            raise InterruptedError

    async with uplink_consumer(connection, topics) as consumer, owning(consumer):
        checkpoint = KafkaCheckpoint(connection, topics, producer, consumer, killed)
        await checkpoint.restore(0)
        checkpoint.take(0, Outcome(memory={DEV: a_memory(50)}))
        with pytest.raises(InterruptedError):
            await checkpoint.commit(0, 51)
    assert await restored_anew(connection, topics, producer) == Restored({DEV: a_memory(50)}, 0)


@pytest.mark.usefixtures("hundred_uplinks")
async def test_a_memory_that_no_record_takes_stops_us_and_names_the_device(
    topics: Topics, checkpoint: KafkaCheckpoint
) -> None:
    await checkpoint.restore(0)
    huge = a_memory(3, attributes={"serial": "x" * topics.max_message_bytes})
    with pytest.raises(WrongShape, match=f"device {DEV} is remembered in 10.* bytes"):
        checkpoint.take(0, Outcome(memory={DEV: huge}))


@pytest.mark.usefixtures("hundred_uplinks")
async def test_a_partition_that_was_taken_away_is_not_written_for(
    connection: KafkaConnection, topics: Topics, consumer: UplinkConsumer, checkpoint: KafkaCheckpoint
) -> None:
    await checkpoint.restore(0)
    consumer.disown(0)
    checkpoint.take(0, Outcome([an_observation()], memory={DEV: a_memory(3)}))
    with pytest.raises(Fenced):
        await checkpoint.commit(0, 4)
    assert await records_of(connection, topics.observations) == []
    assert [each.key for each in await records_of(connection, topics.device_memory)] == [b""]  # of no device
