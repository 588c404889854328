"""How far a group has come, as a real broker tells it."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from aiokafka import AIOKafkaConsumer
from aiokafka.structs import TopicPartition

from adapters.kafka.connection import KafkaConnection
from adapters.kafka.group_progress import KafkaGroupProgress
from adapters.kafka.producer import NO_HEADERS, BatchProducer, Lot
from adapters.kafka.topics import Topics
from adapters.system.clock import SystemClock
from application.lag import Lag, Limits, Status
from application.ports.group_progress import PartitionProgress
from tests.integration.kafka.clients import group_of

pytestmark = pytest.mark.integration

APART_S = 1.05
"""Commits nearer than a second to each other are taken for one."""


@pytest.fixture
def partitions() -> int:
    return 2


@pytest.fixture
async def member(connection: KafkaConnection, topics: Topics) -> AsyncIterator[AIOKafkaConsumer]:
    """Commits for the group what a test tells it to."""
    consumer = AIOKafkaConsumer(
        bootstrap_servers=connection.bootstrap, group_id=group_of(topics), enable_auto_commit=False
    )
    consumer.assign([TopicPartition(topics.uplinks, 0)])
    await consumer.start()
    yield consumer
    await consumer.stop()


@pytest.fixture
def progress(connection: KafkaConnection) -> KafkaGroupProgress:
    return KafkaGroupProgress(connection, SystemClock())


async def append(producer: BatchProducer, topics: Topics, count: int, partition: int = 0) -> None:
    """Append ``count`` records."""
    records = [(b"device", b"%d" % number, None, NO_HEADERS) for number in range(count)]
    await producer.send([Lot(topics.uplinks, partition, records)])


async def commit(member: AIOKafkaConsumer, topics: Topics, offset: int) -> None:
    await member.commit({TopicPartition(topics.uplinks, 0): offset})


async def parts(progress: KafkaGroupProgress, topics: Topics) -> list[PartitionProgress]:
    """Return how far the group of ``topics`` has come."""
    group = group_of(topics)
    return list((await progress.of({group: (topics.uplinks,)}))[group])


async def test_a_group_that_never_committed_has_no_progress(progress: KafkaGroupProgress, topics: Topics) -> None:
    assert await progress.of({group_of(topics): (topics.uplinks,)}) == {}


async def test_positions_ends_and_waiting_records_are_told_by_partition(
    progress: KafkaGroupProgress, topics: Topics, producer: BatchProducer, member: AIOKafkaConsumer
) -> None:
    await append(producer, topics, 10)
    await append(producer, topics, 3, partition=1)
    await commit(member, topics, 4)
    first, second = await parts(progress, topics)
    now_ms = SystemClock().now_us() // 1_000
    assert (first.partition, first.lag, first.ends[0], len(first.ends)) == (0, 6, 10, 10)
    assert [each.offset for each in first.commits] == [4]
    assert first.waiting_since_ms is not None
    assert now_ms - 30_000 < first.waiting_since_ms <= now_ms
    assert (second.partition, second.lag, second.commits) == (1, 3, ())


async def test_a_commit_knows_how_far_behind_it_was_when_it_was_made(
    progress: KafkaGroupProgress, topics: Topics, producer: BatchProducer, member: AIOKafkaConsumer
) -> None:
    await append(producer, topics, 10)
    await asyncio.sleep(APART_S)
    await commit(member, topics, 4)
    await asyncio.sleep(APART_S)
    await append(producer, topics, 100)
    await asyncio.sleep(APART_S)
    await commit(member, topics, 10)
    first, _ = await parts(progress, topics)
    assert [(each.offset, each.lag) for each in first.commits] == [(4, 6), (10, 100)]


async def test_the_same_position_committed_again_is_a_commit(
    progress: KafkaGroupProgress, topics: Topics, producer: BatchProducer, member: AIOKafkaConsumer
) -> None:
    await append(producer, topics, 10)
    for _ in range(3):
        await asyncio.sleep(APART_S)
        await commit(member, topics, 4)
    lag = Lag(progress, {group_of(topics): (topics.uplinks,)}, SystemClock(), Limits(minimum_complete=0.3))
    (group,) = await lag.of()
    assert [each.offset for each in (await parts(progress, topics))[0].commits] == [4, 4, 4]
    assert (group.status, group.partitions[0].status) == (Status.ERR, Status.STALL)


async def test_who_has_read_everything_is_well(
    progress: KafkaGroupProgress, topics: Topics, producer: BatchProducer, member: AIOKafkaConsumer
) -> None:
    await append(producer, topics, 10)
    await commit(member, topics, 10)
    (group,) = await Lag(progress, {group_of(topics): (topics.uplinks,)}, SystemClock()).of()
    assert (group.status, group.lag, group.lag_s) == (Status.OK, 0, 0.0)
