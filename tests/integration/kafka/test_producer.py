"""Batches are written whole, or an error says so and the next producer is a new one."""

from random import Random

import pytest
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.protocol.produce import ProduceRequest

from adapters.kafka.connection import KafkaConnection
from adapters.kafka.deadlines import Deadlines
from adapters.kafka.producer import NO_HEADERS, BatchProducer, Lot
from adapters.kafka.record_batch import Record
from adapters.kafka.topics import Topics
from application.errors import Unavailable, WrongShape
from tests.integration.kafka.clients import records_of

pytestmark = pytest.mark.integration
NOT_COMPRESSIBLE = Random(1).randbytes(5_000)


def record(value: bytes, key: bytes = b"k") -> Record:
    """Return a record of now."""
    return key, value, None, NO_HEADERS


async def create(connection: KafkaConnection, name: str, **configuration: str) -> str:
    """Create one topic by hand and return its name."""
    admin = AIOKafkaAdminClient(**connection.arguments())
    await admin.start()
    settings = {key.replace("_", "."): value for key, value in configuration.items()}
    await admin.create_topics([NewTopic(name, 1, 1, topic_configs=settings)])
    await admin.close()
    return name


async def values(connection: KafkaConnection, topic: str) -> list[bytes]:
    """Return what ``topic`` holds."""
    return [each.value or b"" for each in await records_of(connection, topic)]


async def test_what_was_sent_is_there_in_its_order(
    connection: KafkaConnection, topics: Topics, producer: BatchProducer
) -> None:
    sent = [b"%d" % number for number in range(1_000)]
    await producer.send([Lot(topics.uplinks, 0, [record(value) for value in sent])])
    assert await values(connection, topics.uplinks) == sent


async def test_more_than_a_batch_holds_goes_in_several_and_keeps_its_order(
    connection: KafkaConnection, topics: Topics
) -> None:
    sent = [b"%04d" % number + NOT_COMPRESSIBLE for number in range(100)]
    async with BatchProducer(connection, max_batch_bytes=20_000) as producer:
        await producer.send([Lot(topics.uplinks, 0, [record(value) for value in sent])])
    assert await values(connection, topics.uplinks) == sent


async def test_a_record_larger_than_a_batch_goes_alone(connection: KafkaConnection, topics: Topics) -> None:
    sent = [b"before", 10 * NOT_COMPRESSIBLE, b"after"]
    async with BatchProducer(connection, max_batch_bytes=20_000) as producer:
        await producer.send([Lot(topics.uplinks, 0, [record(value) for value in sent])])
    assert await values(connection, topics.uplinks) == sent


async def test_several_topics_go_together(connection: KafkaConnection, topics: Topics, producer: BatchProducer) -> None:
    await producer.send([Lot(topic, 0, [record(topic.encode())]) for topic in (topics.uplinks, topics.devices)])
    assert await values(connection, topics.uplinks) == [topics.uplinks.encode()]
    assert await values(connection, topics.devices) == [topics.devices.encode()]


async def test_nothing_to_send_is_sent(producer: BatchProducer, topics: Topics) -> None:
    await producer.send([])
    await producer.send([Lot(topics.uplinks, 0, [])])
    assert producer.recreated == 0


async def test_a_write_asks_for_all_replicas_in_sync(producer: BatchProducer, topics: Topics) -> None:
    """With acks=1, aiokafka's default, a write that only one replica has would be taken for safe."""
    client = producer._producer.client  # type: ignore[union-attr]  # open
    asked: list[ProduceRequest] = []
    send = client.send

    async def listening(node: int, request: object, **more: object) -> object:
        if isinstance(request, ProduceRequest):
            asked.append(request)
        return await send(node, request, **more)

    client.send = listening
    await producer.send([Lot(topics.uplinks, 0, [record(b"x")])])
    assert {request.required_acks for request in asked} == {-1}  # more than one if the leader was not known yet


async def test_an_error_that_repeating_does_not_mend_is_raised_and_the_next_producer_is_new(
    connection: KafkaConnection, topics: Topics, producer: BatchProducer
) -> None:
    topic = await create(connection, f"small-{topics.uplinks}", max_message_bytes="1000")
    for times in (1, 2):
        with pytest.raises(WrongShape, match=r"takes smaller records than its settings say"):
            await producer.send([Lot(topic, 0, [record(NOT_COMPRESSIBLE)])])
        assert producer.recreated == times
        await producer.send([Lot(topics.uplinks, 0, [record(b"%d" % times)])])
    assert await values(connection, topics.uplinks) == [b"1", b"2"]
    assert producer.recreated == 2


async def test_of_several_lots_one_failure_fails_the_call(
    connection: KafkaConnection, topics: Topics, producer: BatchProducer
) -> None:
    topic = await create(connection, f"small-{topics.uplinks}", max_message_bytes="1000")
    lots = [Lot(topics.uplinks, 0, [record(b"good")]), Lot(topic, 0, [record(NOT_COMPRESSIBLE)])]
    with pytest.raises(WrongShape):
        await producer.send(lots)
    with pytest.raises(WrongShape):
        await producer.send(lots[::-1])


async def test_a_missing_partition_is_the_wrong_shape(producer: BatchProducer, topics: Topics) -> None:
    with pytest.raises(WrongShape, match="has no partition 7"):
        await producer.send([Lot(topics.uplinks, 7, [record(b"x")])])


async def test_a_topic_that_nobody_knows_ends_the_waiting(connection: KafkaConnection) -> None:
    """It may also be the broker that is away: whoever starts again checks the topics first."""
    impatient = KafkaConnection(bootstrap=connection.bootstrap, deadlines=Deadlines(retry_s=1.0, send_s=20.0))
    async with BatchProducer(impatient, max_batch_bytes=20_000) as producer:
        with pytest.raises(Unavailable, match="is away, or a topic is missing"):
            await producer.send([Lot("there-is-no-such-topic", 0, [record(b"x")])])


async def test_no_broker_is_unavailable() -> None:
    nowhere = KafkaConnection(bootstrap="127.0.0.1:1", deadlines=Deadlines(start_s=10.0))
    with pytest.raises(Unavailable, match=r"connecting to write: no Kafka answers at 127\.0\.0\.1:1"):
        await BatchProducer(nowhere, max_batch_bytes=20_000).__aenter__()
