"""The same backlog on a real broker, counted through a table's round trip and by processing."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from itertools import accumulate
from random import Random

import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from aiokafka.structs import TopicPartition

from adapters.kafka.checkpoint import KafkaCheckpoint
from adapters.kafka.connection import KafkaConnection
from adapters.kafka.partition_assignment import KafkaPartitionAssignment
from adapters.kafka.producer import NO_HEADERS, BatchProducer, Lot
from adapters.kafka.topics import Topics
from adapters.kafka.uplink_log import KafkaUplinkLog
from adapters.system.clock import SystemClock
from application.ports.uplink_log import RawUplink
from application.processing.processing import Processing
from domain.radio import Uplink
from tests.contract.stream import STEP
from tests.integration.kafka.clients import owning, uplink_consumer
from tests.integration.kafka.processor import StreamReader
from tests.support.builders import DEV, an_uplink
from tests.support.eventually import soon, until
from tests.support.table_join import Row, decoded, encoded, updated

pytestmark = pytest.mark.integration
_RANDOM = Random(7)
COUNTERS = list(accumulate((_RANDOM.choice((1, 1, 1, 1, 3)) for _ in range(299)), initial=0))
FRAMES = [an_uplink(f_cnt, payload=b"g%d" % f_cnt) for f_cnt in COUNTERS]
LOST = COUNTERS[-1] + 1 - len(COUNTERS)
_RAW = [RawUplink("swu", "tts", "v3/a/devices/d/up", b"%d" % n, 1 + n) for n in range(len(FRAMES))]


class TableApp:
    """An application of the form ``uplinks.leftJoin(table).to(TABLE)``: one consumer of both topics, one producer."""

    def __init__(self, consumer: AIOKafkaConsumer, producer: AIOKafkaProducer, topics: Topics) -> None:
        self._consumer = consumer
        self._producer = producer
        self._topics = topics
        self.table: dict[bytes, Row] = {}
        self.joined = 0
        self.returned = 0

    async def run_until(self, frames: int) -> Row:
        """Join so many frames and wait for the last row; return it."""
        while self.returned < frames:
            for at, records in (await self._consumer.getmany(timeout_ms=100)).items():
                for record in records:
                    if at.topic == self._topics.uplinks:
                        await self._join(record.key, FRAMES[int(record.value)])
                    else:
                        self.table[record.key] = decoded(record.value)
                        self.returned += 1
        return self.table[DEV.encode()]

    async def _join(self, key: bytes, uplink: Uplink) -> None:
        self.joined += 1
        row = updated(self.table.get(key), uplink)
        await self._producer.send(self._topics.device_states, encoded(row), key, 0)


@asynccontextmanager
async def table_app(connection: KafkaConnection, topics: Topics) -> AsyncIterator[TableApp]:
    """Open the application."""
    consumer = AIOKafkaConsumer(**connection.arguments(), auto_offset_reset="earliest", enable_auto_commit=False)
    consumer.assign([TopicPartition(topics.uplinks, 0), TopicPartition(topics.device_states, 0)])
    producer = AIOKafkaProducer(**connection.arguments())
    await consumer.start()
    await producer.start()
    try:
        yield TableApp(consumer, producer, topics)
    finally:
        await consumer.stop()
        await producer.stop()


async def append(producer: BatchProducer, topics: Topics, raws: Sequence[RawUplink]) -> None:
    """Append messages to the log."""
    await producer.send([Lot(topics.uplinks, 0, [(DEV.encode(), raw.body, None, NO_HEADERS) for raw in raws])])


async def test_a_table_counts_right_while_each_message_waits_for_the_one_before(
    connection: KafkaConnection, topics: Topics, producer: BatchProducer
) -> None:
    async with table_app(connection, topics) as app:
        for number in range(20):
            await append(producer, topics, _RAW[number : number + 1])
            row = await soon(app.run_until(number + 1))
    assert row.dropped == COUNTERS[19] + 1 - 20


async def test_a_table_miscounts_a_backlog(
    connection: KafkaConnection, topics: Topics, producer: BatchProducer
) -> None:
    await append(producer, topics, _RAW)
    async with table_app(connection, topics) as app:
        row = await soon(app.run_until(len(FRAMES)))
    assert app.joined == len(FRAMES)
    assert row.dropped != LOST


async def test_processing_counts_the_same_backlog_right(
    connection: KafkaConnection, topics: Topics, producer: BatchProducer
) -> None:
    async with uplink_consumer(connection, topics) as consumer:
        reader = StreamReader(list(zip(_RAW, FRAMES, strict=True)))
        log = KafkaUplinkLog(connection, topics, producer, consumer, reader.dev_eui)
        await log.append(_RAW)
        checkpoint = KafkaCheckpoint(connection, topics, producer, consumer)
        processing = Processing(log, reader, STEP, checkpoint, SystemClock())
        assignment = KafkaPartitionAssignment(consumer)
        running = asyncio.create_task(assignment.run(processing.work))
        await until(lambda: processing.counts.came_in == len(FRAMES))
        assert processing.frames().missing == LOST
        await assignment.stop()
        await soon(running)
    async with uplink_consumer(connection, topics) as consumer, owning(consumer):
        restored = await KafkaCheckpoint(connection, topics, producer, consumer).restore(0)
    assert [each.missing for each in restored.memory[DEV].accounts.values()] == [LOST]
