"""A partition is taken away while a batch is in hand: the batch ends first, or it is broken off and done again."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress

import pytest

from adapters.device_memory.record import encode, offset_of
from adapters.kafka import partition_assignment
from adapters.kafka.connection import KafkaConnection
from adapters.kafka.deadlines import Deadlines
from adapters.kafka.partition_assignment import KafkaPartitionAssignment
from adapters.kafka.producer import NO_HEADERS, BatchProducer, Lot
from adapters.kafka.record_batch import Record
from adapters.kafka.topics import Topics
from application.errors import Fenced, WrongShape
from domain.device import Device, DeviceMemory
from stadtfunk.exit_codes import WRONG_SHAPE, exit_code
from tests.integration.kafka.clients import records_of, uplink_consumer
from tests.integration.kafka.members import Gate, Member, member
from tests.integration.kafka.processor import LENGTH
from tests.integration.kafka.whole_log import assert_as_if_nothing_had_happened, expected, fill_log
from tests.support.builders import DEV
from tests.support.eventually import soon, until

pytestmark = pytest.mark.integration


@pytest.fixture
def partitions() -> int:
    return 2


@pytest.fixture
async def gate(connection: KafkaConnection, topics: Topics) -> AsyncIterator[Gate]:
    async with Gate(connection, topics) as gate:
        yield gate


async def test_a_batch_in_hand_is_finished_before_its_partition_goes_to_another(
    connection: KafkaConnection, topics: Topics, producer: BatchProducer, gate: Gate
) -> None:
    await fill_log(connection, topics, producer)
    async with member(connection, topics, gate) as first:
        await soon(gate.reached.wait())
        async with member(connection, topics, producer) as second:
            await until(lambda: first.consumer.is_ending(0))
            assert second.came_in == 0
            gate.opened.set()
            await until(lambda: first.came_in + second.came_in >= LENGTH)
    # No message was worked on twice: the first committed what it had in hand before it let go.
    assert (first.came_in + second.came_in, first.assignment.broken_off) == (LENGTH, 0)
    assert second.came_in > 0
    await assert_as_if_nothing_had_happened(connection, topics, producer)


async def test_a_batch_that_does_not_end_in_time_is_broken_off_and_counted_once(
    connection: KafkaConnection, topics: Topics, producer: BatchProducer, gate: Gate
) -> None:
    hasty = KafkaConnection(bootstrap=connection.bootstrap, deadlines=Deadlines(drain_s=0.5))
    await fill_log(connection, topics, producer)
    async with member(hasty, topics, gate) as first:
        await soon(gate.reached.wait())
        async with member(connection, topics, producer) as second:
            await until(lambda: first.assignment.broken_off > 0)
            gate.opened.set()
            await until(lambda: first.came_in + second.came_in >= LENGTH)
    # What was on its way may arrive later still, behind the memory of the new owner: it is older.
    await producer.send(gate.held)
    await assert_as_if_nothing_had_happened(connection, topics, producer)


async def test_what_a_former_owner_writes_last_is_followed_by_what_its_successor_remembers(
    connection: KafkaConnection, topics: Topics, producer: BatchProducer, gate: Gate
) -> None:
    """After the compaction lag the last record of a device is the only one."""
    hasty = KafkaConnection(bootstrap=connection.bootstrap, deadlines=Deadlines(drain_s=0.5))
    await fill_log(connection, topics, producer)
    async with member(hasty, topics, gate):
        await soon(gate.reached.wait())
    async with member(connection, topics, producer) as successor:
        await until(lambda: successor.came_in == LENGTH)
        await producer.send(gate.held)
        for _ in range(2):
            await successor.repair.look()
    assert successor.checkpoint.changelog.stale == sum(len(lot.records) for lot in gate.held)
    records = await records_of(connection, topics.device_memory, range(2))
    last = {(each.key or b"").decode(): offset_of(each.value) for each in records if each.value is not None}
    _, memories = await expected(connection, topics)
    assert last == {device: memory.offset for each in memories for device, memory in each.items()}


async def test_a_memory_that_cannot_be_restored_ends_the_process_before_anything_is_processed(
    connection: KafkaConnection, topics: Topics, producer: BatchProducer
) -> None:
    await fill_log(connection, topics, producer)
    newer: Record = (DEV.encode(), b"\x07" + encode(DeviceMemory(3, Device(DEV, 3)))[1:], None, NO_HEADERS)
    await producer.send([Lot(topics.device_memory, partition, [newer]) for partition in range(2)])
    async with uplink_consumer(connection, topics) as consumer:
        broken = Member(connection, topics, producer, consumer)
        with pytest.raises(WrongShape, match="version 7") as caught:
            await soon(broken.running)
    assert exit_code(caught.value) == WRONG_SHAPE
    assert (broken.came_in, await records_of(connection, topics.observations, range(2))) == (0, [])


async def test_work_that_ends_though_its_partition_stays_ours_ends_the_process(
    connection: KafkaConnection, topics: Topics
) -> None:
    """Else it would be a member in good standing that does nothing."""
    hasty = KafkaConnection(bootstrap=connection.bootstrap, deadlines=Deadlines(drain_s=0.1, rebalance_s=1.0))

    async def end_at_once(_: int) -> None:
        """Do nothing."""

    async with uplink_consumer(hasty, topics) as consumer:
        with pytest.raises(Fenced, match="the work on partitions 0, 1 has ended, and the group has not taken them"):
            await soon(KafkaPartitionAssignment(consumer).run(end_at_once))


async def test_work_that_cannot_be_broken_off_ends_the_process_and_commits_no_more(
    connection: KafkaConnection, topics: Topics, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(partition_assignment, "_BREAK_OFF_S", 0.1)
    hasty = KafkaConnection(bootstrap=connection.bootstrap, deadlines=Deadlines(drain_s=0.1))
    begun, released = asyncio.Event(), asyncio.Event()

    async def hold_on(_: int) -> None:
        begun.set()
        while not released.is_set():
            with suppress(asyncio.CancelledError):
                await released.wait()

    async with uplink_consumer(hasty, topics) as consumer:
        assignment = KafkaPartitionAssignment(consumer)
        running = asyncio.create_task(assignment.run(hold_on))
        await soon(begun.wait())
        await assignment.stop()
        with pytest.raises(RuntimeError, match="the work on 2 partitions does not end"):
            await soon(running)
        assert consumer.is_lost(0)
        released.set()
