"""Kafka's assignment keeps the contract."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager

import pytest
from aiokafka.errors import GroupAuthorizationFailedError

from adapters.kafka.connection import KafkaConnection
from adapters.kafka.deadlines import Deadlines
from adapters.kafka.partition_assignment import KafkaPartitionAssignment
from adapters.kafka.topics import Topics
from adapters.kafka.uplink_consumer import UplinkConsumer
from application.errors import Fenced, Refused
from tests.contract import uplink_log
from tests.contract.partition_assignment import PartitionAssignmentContract
from tests.contract.uplink_log import OpenReplica
from tests.integration.kafka.clients import (
    SESSION_S,
    group_of,
    migrated,
    opened_replica,
    owning,
    topics_named,
    uplink_consumer,
)
from tests.support.eventually import DEADLINE_S, eventually, soon, until

pytestmark = pytest.mark.integration


class TestKafkaPartitionAssignment(PartitionAssignmentContract):
    @pytest.fixture
    def partitions(self) -> frozenset[int]:
        return frozenset({0, 1, 2})

    @pytest.fixture
    async def topics(self, connection: KafkaConnection, partitions: frozenset[int]) -> Topics:
        return await migrated(connection, topics_named(partitions=len(partitions)))

    @pytest.fixture
    def open_replica(self, connection: KafkaConnection, topics: Topics) -> OpenReplica:
        def opened() -> AbstractAsyncContextManager[uplink_log.Replica]:
            return opened_replica(connection, topics)

        return opened


class Replica:
    """One process of the group, that only holds its partitions."""

    def __init__(self, consumer: UplinkConsumer) -> None:
        self.consumer = consumer
        self.assignment = KafkaPartitionAssignment(consumer)
        self.holds: set[int] = set()
        self.begun = 0

    async def hold(self, partition: int) -> None:
        """Work on ``partition`` until it is taken away."""
        self.begun += 1
        self.holds.add(partition)
        while not self.consumer.is_ending(partition):
            await asyncio.sleep(0.01)
        self.holds.discard(partition)

    async def held(self) -> int:
        """Return how many partitions it holds."""
        return len(self.holds)


@asynccontextmanager
async def started(
    connection: KafkaConnection, topics: Topics, instance_id: str = "", kind: type[UplinkConsumer] = UplinkConsumer
) -> AsyncIterator[Replica]:
    """Run a replica inside the ``with``."""
    consumer = kind(connection, topics, group_of(topics), instance_id=instance_id, session_timeout_s=SESSION_S)
    async with consumer:
        replica = Replica(consumer)
        running = asyncio.create_task(replica.assignment.run(replica.hold))
        try:
            yield replica
        finally:
            await replica.assignment.stop()
            await soon(running)


@pytest.fixture
def partitions() -> int:
    return 4


async def test_a_second_replica_takes_its_share_and_gives_it_back(connection: KafkaConnection, topics: Topics) -> None:
    async with started(connection, topics) as first:
        await eventually(first.held, 4)
        async with started(connection, topics) as second:
            await eventually(second.held, 2)
            await eventually(first.held, 2)
            assert first.holds | second.holds == {0, 1, 2, 3}
        await eventually(first.held, 4)


async def test_a_member_that_restarts_under_its_name_moves_no_partition(
    connection: KafkaConnection, topics: Topics
) -> None:
    async with started(connection, topics, "replica-0") as first:
        await eventually(first.held, 4)
        async with started(connection, topics, "replica-1") as second:
            await eventually(second.held, 2)
            await eventually(first.held, 2)
            share = set(second.holds)
        rebalances, begun = first.assignment.rebalances, first.begun
        async with started(connection, topics, "replica-1") as second:
            await eventually(second.held, 2)
            assert second.holds == share
        assert (first.assignment.rebalances, first.begun) == (rebalances, begun)


async def test_of_two_members_of_one_name_one_gives_up_and_says_why(
    connection: KafkaConnection, topics: Topics
) -> None:
    async with (
        uplink_consumer(connection, topics, instance_id="replica-0") as one,
        uplink_consumer(connection, topics, instance_id="replica-0") as other,
    ):
        replicas = Replica(one), Replica(other)
        runs = [asyncio.create_task(replicas[0].assignment.run(replicas[0].hold))]
        await eventually(replicas[0].held, 4)
        runs.append(asyncio.create_task(replicas[1].assignment.run(replicas[1].hold)))
        done, _ = await asyncio.wait(runs, timeout=DEADLINE_S, return_when=asyncio.FIRST_COMPLETED)
        with pytest.raises(Fenced, match=r"give each its own kafka\.instance_id, not 'replica-0' to two"):
            await done.pop()
        for replica in replicas:
            await replica.assignment.stop()
        await soon(asyncio.wait(runs))


async def test_a_member_for_which_there_is_nothing_suspects_nobody(
    connection: KafkaConnection, topics: Topics, caplog: pytest.LogCaptureFixture
) -> None:
    one = await migrated(connection, topics_named(partitions=1))
    async with started(connection, one, "replica-0") as first:
        await eventually(first.held, 1)
        async with started(connection, one, "replica-1") as second:
            await until(lambda: second.assignment.rebalances == 2)
    assert not [record for record in caplog.records if record.name.startswith("adapters.kafka")]


async def test_what_a_listener_raises_ends_the_run(connection: KafkaConnection, topics: Topics) -> None:
    """Left to aiokafka, it would be logged; and it would go on to deliver the records of the partition."""

    class Broken(UplinkConsumer):
        def own(self, partition: int) -> None:
            raise RuntimeError("the restore failed")

    consumer = Broken(connection, topics, group_of(topics), session_timeout_s=SESSION_S)
    async with consumer:
        with pytest.raises(RuntimeError, match="the restore failed"):
            await soon(KafkaPartitionAssignment(consumer).run(Replica(consumer).hold))


async def test_work_that_does_not_end_is_broken_off_and_the_others_get_their_share(
    connection: KafkaConnection, topics: Topics
) -> None:
    hasty = KafkaConnection(bootstrap=connection.bootstrap, deadlines=Deadlines(drain_s=0.5))
    begun, broken_off = asyncio.Event(), asyncio.Event()

    async def never_end(_: int) -> None:
        begun.set()
        try:
            await asyncio.Event().wait()
        finally:
            broken_off.set()

    async with uplink_consumer(hasty, topics) as consumer:
        assignment = KafkaPartitionAssignment(consumer)
        running = asyncio.create_task(assignment.run(never_end))
        await soon(begun.wait())
        async with started(connection, topics) as second:
            await eventually(second.held, 2)
            assert broken_off.is_set()
        await assignment.stop()
        await soon(running)


async def test_a_commit_for_a_partition_that_was_taken_away_is_fenced_and_ends_only_its_work(
    connection: KafkaConnection, topics: Topics
) -> None:
    begun = asyncio.Event()
    async with uplink_consumer(connection, topics) as consumer:
        assignment = KafkaPartitionAssignment(consumer)

        async def commit_too_late(partition: int) -> None:
            begun.set()
            while not consumer.is_ending(partition):
                await asyncio.sleep(0.01)
            consumer.disown(partition)
            await consumer.commit(partition, 1)

        running = asyncio.create_task(assignment.run(commit_too_late))
        await soon(begun.wait())
        async with started(connection, topics) as second:
            await eventually(second.held, 2)
        await assignment.stop()
        await soon(running)
    assert assignment.fenced >= 4


async def test_a_commit_of_a_former_generation_is_fenced(connection: KafkaConnection, topics: Topics) -> None:
    async with uplink_consumer(connection, topics) as consumer, owning(consumer, range(4)):
        await consumer.commit(0, 0)
        coordinator = consumer._consumer._consumer._coordinator  # type: ignore[union-attr]  # open
        coordinator.generation -= 1
        with pytest.raises(Fenced, match="another member of the group owns it now"):
            await consumer.commit(0, 0)


async def test_what_happens_behind_our_back_ends_the_run(connection: KafkaConnection, topics: Topics) -> None:
    """A member without partitions reads nothing, and aiokafka tells its troubles only to those who read."""
    consumer = uplink_consumer(connection, topics)
    async with consumer:
        running = asyncio.create_task(KafkaPartitionAssignment(consumer).run(Replica(consumer).hold))
        coordinator = consumer._consumer._consumer._coordinator  # type: ignore[union-attr]  # open
        coordinator._pending_exception = GroupAuthorizationFailedError("the group")
        with pytest.raises(Refused, match="give this user the right to"):
            await soon(running)
