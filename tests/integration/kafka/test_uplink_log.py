"""The uplink log in Kafka keeps the contract, and says what Kafka alone can get wrong."""

from contextlib import AbstractAsyncContextManager

import pytest
from aiokafka.partitioner import DefaultPartitioner

from adapters.kafka.connection import KafkaConnection
from adapters.kafka.producer import BatchProducer, Lot
from adapters.kafka.topics import Topics
from adapters.kafka.uplink_log import KafkaUplinkLog
from adapters.ttn.envelope_reader import TtnEnvelopeReader
from application.errors import WrongShape
from application.ports.uplink_log import RawUplink
from domain.radio import Unreadable
from tests.contract.uplink_log import (
    NOON_US,
    OpenReplica,
    Replica,
    UplinkLogContract,
    message,
    read,
    replayed,
    uplinks,
)
from tests.integration.kafka.clients import (
    key_of,
    migrated,
    opened_replica,
    records_of,
    remove_records,
    topics_named,
    uplink_consumer,
)

pytestmark = pytest.mark.integration


@pytest.fixture
def log(connection: KafkaConnection, topics: Topics, producer: BatchProducer) -> KafkaUplinkLog:
    return KafkaUplinkLog(connection, topics, producer, uplink_consumer(connection, topics), key_of)


@pytest.fixture
def open_replica(connection: KafkaConnection, topics: Topics) -> OpenReplica:
    def opened() -> AbstractAsyncContextManager[Replica]:
        return opened_replica(connection, topics)

    return opened


class TestKafkaUplinkLog(UplinkLogContract):
    """With one partition, as the suite's order asks for."""


async def test_a_device_has_the_partition_that_other_clients_look_for_it_in(
    connection: KafkaConnection, producer: BatchProducer
) -> None:
    topics = await migrated(connection, topics_named(partitions=8))
    log = KafkaUplinkLog(connection, topics, producer, uplink_consumer(connection, topics), key_of)
    await log.append([message(number, device=number) for number in range(40)])
    for partition in range(8):
        for record in await records_of(connection, topics.uplinks, [partition]):
            assert record.key is not None
            assert DefaultPartitioner()(record.key, list(range(8)), list(range(8))) == partition


async def test_a_message_whose_device_cannot_be_told_goes_by_its_topic(
    connection: KafkaConnection, topics: Topics, log: KafkaUplinkLog
) -> None:
    await log.append([RawUplink("swu", "tts", "v3/app/devices/ü/up", b"no JSON", NOON_US)])
    [record] = await records_of(connection, topics.uplinks)
    assert record.key == "v3/app/devices/ü/up".encode()


async def test_a_record_that_somebody_else_wrote_comes_through_with_its_neighbours(
    topics: Topics, log: KafkaUplinkLog, producer: BatchProducer, open_replica: OpenReplica
) -> None:
    await log.append([message(1)])
    await producer.send([Lot(topics.uplinks, 0, [(b"\xff", b"\xff\xfe", None, [("traceparent", b"\xff")])])])
    await log.append([message(2)])
    before, poison, after = uplinks(await read(open_replica, 3))
    assert (before, after) == (message(1), message(2))
    assert (poison.source, poison.body) == ("", b"\xff\xfe")


async def test_a_message_that_no_record_takes_is_kept_cut_and_its_neighbours_whole(
    log: KafkaUplinkLog, open_replica: OpenReplica
) -> None:
    await log.append([message(1), message(2, padding=3_000_000), message(3)])
    assert log.cut == 1
    before, cut, after = uplinks(await read(open_replica, 3))
    assert (before, after) == (message(1), message(3))
    assert message(2, padding=3_000_000).body.startswith(cut.body)
    unreadable = TtnEnvelopeReader().read(cut)
    assert isinstance(unreadable, Unreadable)
    assert unreadable.reason == "envelope_oversized"


async def test_a_position_that_retention_took_is_an_error_and_not_a_jump(
    connection: KafkaConnection, topics: Topics, log: KafkaUplinkLog, open_replica: OpenReplica
) -> None:
    await log.append([message(number) for number in range(10)])
    await remove_records(connection, topics.uplinks, 5)
    with pytest.raises(WrongShape, match="no longer holds this position"):
        await read(open_replica, 10)


async def test_a_replay_finds_what_came_late_to_the_log(log: KafkaUplinkLog) -> None:
    """The log is in the order of arrival, which is not that of receipt: two bridges, one of them slow."""
    early, late = message(1, received_us=NOON_US), message(2, received_us=NOON_US + 3_600_000_000)
    await log.append([late])
    await log.append([early])
    assert await replayed(log, NOON_US, NOON_US + 1) == [early]
    assert await replayed(log, NOON_US + 1, NOON_US + 3_600_000_001) == [late]


async def test_a_log_spread_over_partitions_replays_whole(connection: KafkaConnection, producer: BatchProducer) -> None:
    topics = await migrated(connection, topics_named(partitions=4))
    log = KafkaUplinkLog(connection, topics, producer, uplink_consumer(connection, topics), key_of)
    sent = [message(number, device=number) for number in range(50)]
    await log.append(sent)
    found = await replayed(log, NOON_US, NOON_US + 50)
    assert sorted(found, key=lambda uplink: uplink.received_us) == sent
