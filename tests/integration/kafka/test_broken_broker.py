"""A broker that dies or hangs under us: every wait has its end, and what was not acknowledged is given again."""

import asyncio
import gc
import signal
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator

import pytest

from adapters.kafka.checkpoint import KafkaCheckpoint
from adapters.kafka.connection import KafkaConnection
from adapters.kafka.deadlines import Deadlines
from adapters.kafka.partition_assignment import KafkaPartitionAssignment
from adapters.kafka.producer import NO_HEADERS, BatchProducer, Lot
from adapters.kafka.topics import Topics
from adapters.kafka.uplink_log import KafkaUplinkLog
from application.errors import Unavailable
from tests.contract.uplink_log import message
from tests.integration.kafka.clients import key_of, migrated, owning, topics_named, uplink_consumer
from tests.support.eventually import soon
from tools.services.kafka import Kafka
from tools.services.workspace import workspace

pytestmark = pytest.mark.integration
SHORT = Deadlines(retry_s=2.0, send_s=10.0, commit_s=2.0, stop_s=2.0, drain_s=3.0)
PLENTY_S = 90.0
"""A killed broker waits up to 10 s for the registration of its former self to end."""


@pytest.fixture(scope="module")
def own_kafka() -> Iterator[Kafka]:
    """A broker of this module's own, to kill and to pause."""
    with workspace() as folder, Kafka(folder) as kafka:
        yield kafka


@pytest.fixture
def connection(own_kafka: Kafka) -> KafkaConnection:
    return KafkaConnection(bootstrap=own_kafka.bootstrap, deadlines=SHORT)


@pytest.fixture
async def topics(connection: KafkaConnection) -> Topics:
    return await migrated(connection, topics_named())


@pytest.fixture
async def hung(own_kafka: Kafka) -> AsyncIterator[None]:
    """Wake the broker at the end of a test that paused it."""
    yield
    own_kafka.send(signal.SIGCONT)


async def given_again(send: Callable[[], Awaitable[object]]) -> None:
    """Call ``send`` until it succeeds, as a role does that starts again."""
    async with asyncio.timeout(PLENTY_S):
        while True:
            try:
                await send()
            except Unavailable:
                await asyncio.sleep(0.1)
            else:
                return


@pytest.mark.timeout(400)
async def test_what_a_dead_broker_did_not_take_is_taken_and_read_when_it_is_back(
    own_kafka: Kafka, connection: KafkaConnection, topics: Topics
) -> None:
    seen: list[bytes] = []
    first, second = asyncio.Event(), asyncio.Event()
    async with (
        BatchProducer(connection, max_batch_bytes=topics.max_message_bytes) as producer,
        uplink_consumer(connection, topics) as consumer,
    ):
        log = KafkaUplinkLog(connection, topics, producer, consumer, key_of)
        assignment = KafkaPartitionAssignment(consumer)

        async def work(partition: int) -> None:
            async for batch in log.read(partition, 0):
                seen.extend(uplink.body for uplink in batch.uplinks)
                first.set()
                if message(2).body in seen:
                    second.set()

        running = asyncio.create_task(assignment.run(work))
        await given_again(lambda: log.append([message(1)]))
        await soon(first.wait(), PLENTY_S)
        own_kafka.kill()
        for _ in range(2):
            with pytest.raises(Unavailable):
                await soon(log.append([message(2)]))
        own_kafka.start()
        await given_again(lambda: log.append([message(2)]))
        await soon(second.wait(), PLENTY_S)
        await assignment.stop()
        await soon(running)
    assert set(seen) == {message(1).body, message(2).body}


@pytest.mark.usefixtures("hung")
async def test_a_hung_broker_is_unavailable_in_time_and_closing_ends(
    own_kafka: Kafka, connection: KafkaConnection, topics: Topics
) -> None:
    async with BatchProducer(connection, max_batch_bytes=topics.max_message_bytes) as producer:
        lot = Lot(topics.uplinks, 0, [(b"k", b"v", None, NO_HEADERS)])
        await given_again(lambda: producer.send([lot]))
        own_kafka.send(signal.SIGSTOP)
        with pytest.raises(Unavailable):
            await soon(producer.send([lot]))


@pytest.mark.usefixtures("hung")
async def test_a_commit_that_is_not_confirmed_is_unavailable_in_time(
    own_kafka: Kafka, connection: KafkaConnection, topics: Topics
) -> None:
    async with (
        BatchProducer(connection, max_batch_bytes=topics.max_message_bytes) as producer,
        uplink_consumer(connection, topics) as consumer,
        owning(consumer),
    ):
        checkpoint = KafkaCheckpoint(connection, topics, producer, consumer)
        await checkpoint.restore(0)
        own_kafka.send(signal.SIGSTOP)
        await checkpoint.commit(0, 1)  # nothing came of the batch: only the position has to be confirmed
        with pytest.raises(Unavailable, match="committing for group"):
            await soon(consumer.committed(0))


@pytest.mark.usefixtures("hung")
async def test_a_commit_that_is_given_up_leaves_nothing_behind_to_complain_of(
    own_kafka: Kafka, connection: KafkaConnection, topics: Topics
) -> None:
    complaints: list[object] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, context: complaints.append(context["message"]))
    async with uplink_consumer(connection, topics) as consumer:
        async with owning(consumer):
            await consumer.commit(0, 0)
            own_kafka.send(signal.SIGSTOP)
            with pytest.raises(Unavailable, match="committing for group"):
                await soon(consumer.commit(0, 0))
        abandoned = asyncio.create_task(consumer.commit(0, 0))
        await asyncio.sleep(0.1)
        abandoned.cancel()
        await asyncio.wait({abandoned})
    gc.collect()
    await asyncio.sleep(0)
    assert complaints == []


async def test_everything_closes_while_no_broker_is_there(
    own_kafka: Kafka, connection: KafkaConnection, topics: Topics
) -> None:
    """The last of the module: its broker does not come back."""
    reading = asyncio.Event()

    async def open_kill_and_close() -> None:
        async with (
            BatchProducer(connection, max_batch_bytes=topics.max_message_bytes) as producer,
            uplink_consumer(connection, topics) as consumer,
        ):
            log = KafkaUplinkLog(connection, topics, producer, consumer, key_of)
            assignment = KafkaPartitionAssignment(consumer)

            async def work(partition: int) -> None:
                reading.set()
                async for _ in log.read(partition, 0):
                    pass

            running = asyncio.create_task(assignment.run(work))
            await reading.wait()
            own_kafka.kill()
            with pytest.raises(Unavailable):
                await log.append([message(1)])
            await assignment.stop()
            await running

    await soon(open_kill_and_close())
