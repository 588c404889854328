"""A partition is taken away while a batch is in hand: the batch ends first, or it is broken off and done again."""

import asyncio
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager, suppress

import pytest

from adapters.device_memory.record import encode
from adapters.kafka import partition_assignment
from adapters.kafka.checkpoint import KafkaCheckpoint
from adapters.kafka.connection import KafkaConnection
from adapters.kafka.deadlines import Deadlines
from adapters.kafka.partition_assignment import KafkaPartitionAssignment
from adapters.kafka.producer import NO_HEADERS, BatchProducer, Lot, Record, Written
from adapters.kafka.topics import Topics
from adapters.kafka.uplink_consumer import UplinkConsumer
from adapters.kafka.uplink_log import KafkaUplinkLog
from adapters.system.clock import SystemClock
from application.errors import Fenced, WrongShape
from application.processing.processing import Processing
from domain.device import Device, DeviceMemory
from stadtfunk.exit_codes import WRONG_SHAPE, exit_code
from tests.contract.stream import STEP
from tests.integration.kafka.clients import SESSION_S, group_of, records_of, uplink_consumer
from tests.integration.kafka.processor import LENGTH
from tests.integration.kafka.whole_log import READER, assert_as_if_nothing_had_happened, fill_log
from tests.support.builders import DEV
from tests.support.eventually import soon, until

pytestmark = pytest.mark.integration
_BATCH = 23


@pytest.fixture
def partitions() -> int:
    return 2


class Gate(BatchProducer):
    """Holds up what goes to the changelog until it is opened."""

    def __init__(self, connection: KafkaConnection, topics: Topics) -> None:
        super().__init__(connection, max_batch_bytes=topics.max_message_bytes)
        self._changelog = topics.device_memory
        self.reached, self.opened = asyncio.Event(), asyncio.Event()
        self.held: list[Lot] = []
        """What was held up."""

    async def send(self, lots: Iterable[Lot]) -> list[Written]:
        lots = list(lots)
        if not self.opened.is_set() and any(lot.topic == self._changelog for lot in lots):
            self.held += lots
            self.reached.set()
            await self.opened.wait()
        return await super().send(lots)


class Member:
    """A process of the group that does what ``stadtfunk process`` does."""

    def __init__(
        self, connection: KafkaConnection, topics: Topics, producer: BatchProducer, consumer: UplinkConsumer
    ) -> None:
        log = KafkaUplinkLog(connection, topics, producer, consumer, READER.dev_eui)
        checkpoint = KafkaCheckpoint(connection, topics, producer, consumer)
        self.consumer = consumer
        self.processing = Processing(log, READER, STEP, checkpoint, SystemClock())
        self.assignment = KafkaPartitionAssignment(consumer)
        self.running = asyncio.create_task(self.assignment.run(self.processing.work))

    @property
    def came_in(self) -> int:
        """How many messages it has taken over and made durable."""
        return self.processing.counts.came_in


@asynccontextmanager
async def member(
    connection: KafkaConnection, topics: Topics, producer: BatchProducer, batch: int = _BATCH
) -> AsyncIterator[Member]:
    """Run a member inside the ``with``."""
    consumer = UplinkConsumer(connection, topics, group_of(topics), session_timeout_s=SESSION_S, batch=batch)
    async with consumer:
        running = Member(connection, topics, producer, consumer)
        try:
            yield running
        finally:
            await running.assignment.stop()
            await soon(running.running)


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
