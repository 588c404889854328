"""Master data in its compacted topic keeps the contract, and tells other processes of what changed."""

from collections.abc import AsyncIterator, Sequence

import pytest

from adapters.kafka.connection import KafkaConnection
from adapters.kafka.log_record import LogRecord
from adapters.kafka.master_data import KafkaMasterData
from adapters.kafka.partition_reader import PartitionReader
from adapters.kafka.producer import NO_HEADERS, BatchProducer, Lot
from adapters.kafka.topics import Topics
from application.errors import Unavailable
from application.ports.registry_changes import Removal
from application.processing.known_devices import KnownDevices
from application.registry import RegistryFollower
from domain.device import DeviceEntry
from tests.contract.master_data import US, MasterDataContract, an_entry

pytestmark = pytest.mark.integration


@pytest.fixture
def partitions() -> int:
    return 3


@pytest.fixture
def records(connection: KafkaConnection, topics: Topics, producer: BatchProducer) -> KafkaMasterData:
    return KafkaMasterData(connection, topics, producer)


@pytest.fixture
def another(connection: KafkaConnection, topics: Topics, producer: BatchProducer) -> KafkaMasterData:
    """As another process sees the topic."""
    return KafkaMasterData(connection, topics, producer)


class TestKafkaMasterData(MasterDataContract):
    """Spread over three partitions."""


async def test_another_process_hears_of_everything_once(records: KafkaMasterData, another: KafkaMasterData) -> None:
    await records.put([an_entry(number) for number in range(1, 20)])
    assert len(await another.news()) == 19
    assert await another.news() == []
    await records.remove(DeviceEntry, an_entry(1).key, US + 1)
    assert await another.news() == [Removal("device", an_entry(1).key, US + 1)]


async def test_a_look_that_failed_half_way_loses_nothing(
    records: KafkaMasterData, another: KafkaMasterData, monkeypatch: pytest.MonkeyPatch
) -> None:
    await records.put([an_entry(number) for number in range(1, 20)])
    read, partitions_read = PartitionReader.read, []

    def failing(reader: PartitionReader, partition: int, begin: int, end: int) -> AsyncIterator[Sequence[LogRecord]]:
        partitions_read.append(partition)
        if len(partitions_read) == 2:
            raise Unavailable("the broker went away")
        return read(reader, partition, begin, end)

    monkeypatch.setattr(PartitionReader, "read", failing)
    with pytest.raises(Unavailable):
        await another.news()
    assert len(await another.news()) == 19


async def test_a_step_elsewhere_learns_and_forgets_what_is_registered(
    records: KafkaMasterData, another: KafkaMasterData
) -> None:
    known = KnownDevices()
    follower = RegistryFollower(another, known)
    await records.put([an_entry(1, zone="mitte"), an_entry(2)])
    await records.remove(DeviceEntry, an_entry(2).key, US)
    await follower.catch_up()
    assert known.entry(an_entry(1).dev_eui) == an_entry(1, zone="mitte")
    assert known.entry(an_entry(2).dev_eui) is None


async def test_what_somebody_else_wrote_into_the_topic_is_passed_over(
    records: KafkaMasterData, producer: BatchProducer, topics: Topics
) -> None:
    strange = [(b"device/1", body, None, NO_HEADERS) for body in (b"", b"{", b'{"type":"castle"}', None)]
    await producer.send([Lot(topics.registry, 0, strange)])
    await records.put([an_entry(1)])
    assert await records.news() == [an_entry(1)]
