"""Processes of a group that do what ``stadtfunk process`` does, in one process, and one whose writes can be held up."""

import asyncio
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager

from adapters.kafka.changelog_repair import ChangelogRepair
from adapters.kafka.checkpoint import KafkaCheckpoint
from adapters.kafka.connection import KafkaConnection
from adapters.kafka.consumer_pace import ConsumerPace
from adapters.kafka.partition_assignment import KafkaPartitionAssignment
from adapters.kafka.producer import BatchProducer, Lot, Written
from adapters.kafka.record_batch import Draft
from adapters.kafka.topics import Topics
from adapters.kafka.uplink_consumer import UplinkConsumer
from adapters.kafka.uplink_log import KafkaUplinkLog
from adapters.system.clock import SystemClock
from application.processing.processing import Processing
from tests.contract.stream import STEP
from tests.integration.kafka.clients import SESSION_S, group_of
from tests.integration.kafka.whole_log import READER
from tests.support.eventually import soon

_BATCH = 23


class Gate(BatchProducer):
    """Holds up what goes to the changelog of devices until it is opened."""

    def __init__(self, connection: KafkaConnection, topics: Topics) -> None:
        super().__init__(connection, max_batch_bytes=topics.max_message_bytes)
        self._changelog = topics.device_memory
        self.reached, self.opened = asyncio.Event(), asyncio.Event()
        self.held: list[Lot] = []
        """What was held up."""

    async def send(self, lots: Iterable[Lot | Draft]) -> list[Written]:
        lots = list(lots)
        memory = [lot for lot in lots if isinstance(lot, Lot) and lot.topic == self._changelog]
        is_memory = any(key for lot in memory for key, *_ in lot.records)
        if is_memory and not self.opened.is_set():
            self.held += memory
            self.reached.set()
            await self.opened.wait()
        return await super().send(lots)


class Member:
    """A process of the group that does what ``stadtfunk process`` does."""

    def __init__(
        self, connection: KafkaConnection, topics: Topics, producer: BatchProducer, consumer: UplinkConsumer
    ) -> None:
        log = KafkaUplinkLog(connection, topics, producer, consumer, READER.dev_eui)
        self.checkpoint = KafkaCheckpoint(connection, topics, producer, consumer)
        self.repair = ChangelogRepair(connection, self.checkpoint.changelog, consumer)
        self.consumer = consumer
        self.processing = Processing(log, READER, STEP, self.checkpoint, SystemClock())
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
    consumer = UplinkConsumer(
        connection, topics, group_of(topics), session_timeout_s=SESSION_S, pace=ConsumerPace(batch=batch)
    )
    async with consumer:
        running = Member(connection, topics, producer, consumer)
        try:
            yield running
        finally:
            await running.assignment.stop()
            await soon(running.running)
