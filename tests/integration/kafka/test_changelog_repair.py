"""Two owners of a partition for a while: the old one appends an older record last, and does no harm."""

import logging
from collections.abc import AsyncIterator

import pytest

from adapters.device_memory.record import encode, offset_of
from adapters.kafka.changelog_repair import ChangelogRepair
from adapters.kafka.checkpoint import KafkaCheckpoint
from adapters.kafka.connection import KafkaConnection
from adapters.kafka.producer import NO_HEADERS, BatchProducer, Lot
from adapters.kafka.record_batch import Record
from adapters.kafka.topics import Topics
from adapters.kafka.uplink_consumer import UplinkConsumer
from application.errors import Unavailable
from application.processing.outcome import Outcome
from domain.device import Device, DeviceMemory
from domain.identifiers import DevEui
from tests.integration.kafka.clients import owning, records_of, uplink_consumer
from tests.support.builders import DEV

pytestmark = pytest.mark.integration
OTHER = DevEui("00000000000000ff")


def a_memory(offset: int, dev_eui: str = DEV) -> DeviceMemory:
    """Return what is remembered of a device after the uplink at ``offset``."""
    return DeviceMemory(offset, Device(DevEui(dev_eui), offset))


def record(offset: int, dev_eui: str = DEV) -> Record:
    """Return it as an owner appends it."""
    return dev_eui.encode(), encode(a_memory(offset, dev_eui)), None, NO_HEADERS


@pytest.fixture
async def consumer(connection: KafkaConnection, topics: Topics) -> AsyncIterator[UplinkConsumer]:
    async with uplink_consumer(connection, topics) as consumer, owning(consumer):
        yield consumer


@pytest.fixture
async def checkpoint(
    connection: KafkaConnection, topics: Topics, producer: BatchProducer, consumer: UplinkConsumer
) -> KafkaCheckpoint:
    """Return the owner's, after the uplinks at 9 of one device and at 4 of another."""
    await producer.send([Lot(topics.uplinks, 0, [(b"k", b"{}", None, NO_HEADERS)] * 100)])
    checkpoint = KafkaCheckpoint(connection, topics, producer, consumer)
    await checkpoint.restore(0)
    checkpoint.take(0, Outcome(memory={DEV: a_memory(9), OTHER: a_memory(4, OTHER)}))
    await checkpoint.commit(0, 10)
    return checkpoint


@pytest.fixture
def repair(connection: KafkaConnection, checkpoint: KafkaCheckpoint, consumer: UplinkConsumer) -> ChangelogRepair:
    return ChangelogRepair(connection, checkpoint.changelog, consumer)


async def last_offsets(connection: KafkaConnection, topics: Topics) -> dict[str, int]:
    """Return what compaction would leave: the last record of each device, and its position."""
    records = await records_of(connection, topics.device_memory)
    return {(each.key or b"").decode(): offset_of(each.value) for each in records if each.value is not None}


async def look_twice(repair: ChangelogRepair) -> None:
    """A record is judged at the second look that sees it."""
    await repair.look()
    await repair.look()


async def test_an_older_record_that_a_former_owner_wrote_last_is_followed_by_ours(
    connection: KafkaConnection,
    topics: Topics,
    producer: BatchProducer,
    checkpoint: KafkaCheckpoint,
    repair: ChangelogRepair,
    caplog: pytest.LogCaptureFixture,
) -> None:
    await producer.send([Lot(topics.device_memory, 0, [record(5), record(4, OTHER)])])
    assert await last_offsets(connection, topics) == {DEV: 5, OTHER: 4}
    with caplog.at_level(logging.WARNING, "adapters.kafka"):
        await look_twice(repair)
    assert await last_offsets(connection, topics) == {DEV: 9, OTHER: 4}
    assert checkpoint.changelog.stale == 1
    assert "a former owner of partition 0 wrote 1 devices behind us" in caplog.text


async def test_what_was_repaired_is_not_repaired_again(
    connection: KafkaConnection, topics: Topics, producer: BatchProducer, repair: ChangelogRepair
) -> None:
    await producer.send([Lot(topics.device_memory, 0, [record(5)])])
    await look_twice(repair)
    written = len(await records_of(connection, topics.device_memory))
    await look_twice(repair)
    assert len(await records_of(connection, topics.device_memory)) == written


async def test_a_record_of_ours_behind_theirs_has_set_it_right_already(
    topics: Topics, producer: BatchProducer, checkpoint: KafkaCheckpoint, repair: ChangelogRepair
) -> None:
    await producer.send([Lot(topics.device_memory, 0, [record(5)])])
    checkpoint.take(0, Outcome(memory={DEV: a_memory(12)}))
    await checkpoint.commit(0, 13)
    await look_twice(repair)
    assert checkpoint.changelog.stale == 0


async def test_what_is_not_durable_yet_is_not_written_by_a_repair(
    connection: KafkaConnection,
    topics: Topics,
    producer: BatchProducer,
    checkpoint: KafkaCheckpoint,
    repair: ChangelogRepair,
) -> None:
    """A memory ahead of its results would skip their uplinks after a kill."""
    await producer.send([Lot(topics.device_memory, 0, [record(5)])])
    checkpoint.take(0, Outcome(memory={DEV: a_memory(15)}))
    await look_twice(repair)
    assert await last_offsets(connection, topics) == {DEV: 5, OTHER: 4}
    await checkpoint.commit(0, 16)
    assert await last_offsets(connection, topics) == {DEV: 15, OTHER: 4}


async def test_an_owner_that_is_one_no_more_touches_nothing(
    connection: KafkaConnection,
    topics: Topics,
    producer: BatchProducer,
    checkpoint: KafkaCheckpoint,
    repair: ChangelogRepair,
) -> None:
    """Its successor is ahead; and what it does not own any more it forgets."""
    await producer.send([Lot(topics.device_memory, 0, [record(20)])])
    await look_twice(repair)
    assert (checkpoint.changelog.stale, await last_offsets(connection, topics)) == (0, {DEV: 20, OTHER: 4})


async def test_memory_of_a_partition_that_went_to_another_is_let_go(
    checkpoint: KafkaCheckpoint, consumer: UplinkConsumer, repair: ChangelogRepair
) -> None:
    consumer.disown(0)
    await repair.look()
    assert checkpoint.changelog.partitions == {}


async def test_a_restore_repairs_what_nobody_noticed(
    connection: KafkaConnection, topics: Topics, producer: BatchProducer, checkpoint: KafkaCheckpoint
) -> None:
    await producer.send([Lot(topics.device_memory, 0, [record(5)])])
    restored = await checkpoint.restore(0)
    assert restored.memory == {DEV: a_memory(9), OTHER: a_memory(4, OTHER)}
    assert (checkpoint.changelog.stale, await last_offsets(connection, topics)) == (1, {DEV: 9, OTHER: 4})


async def test_a_restore_says_how_long_it_took_and_what_it_found(
    checkpoint: KafkaCheckpoint, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO, "adapters.kafka"):
        await checkpoint.restore(0)
    told = checkpoint.restorations[0]
    assert (told.devices, told.records, told.duration_s > 0) == (2, 3, True)  # and the first one, of no device
    assert "partition 0 restored: 2 devices from 3 records of the changelog in" in caplog.text


async def test_nobody_able_to_look_for_half_an_hour_ends_the_process(
    connection: KafkaConnection, checkpoint: KafkaCheckpoint, consumer: UplinkConsumer
) -> None:
    class Blind(ChangelogRepair):
        looks = 0

        async def look(self) -> None:
            Blind.looks += 1
            raise Unavailable("the broker is away")

    blind = Blind(connection, checkpoint.changelog, consumer, every_s=0.001, now=lambda: 600.0 * Blind.looks)
    with pytest.raises(Unavailable, match="the broker is away"):
        await blind.run()
    assert Blind.looks == 4
