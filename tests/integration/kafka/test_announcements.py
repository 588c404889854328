"""Announcements to the registry stand in one order for all processes, and say of which version each was made."""

import asyncio

import pytest

from adapters.kafka.announcements import KafkaAnnouncements
from adapters.kafka.connection import KafkaConnection
from adapters.kafka.master_data import KafkaMasterData
from adapters.kafka.producer import NO_HEADERS, BatchProducer, Lot
from adapters.kafka.topics import Topics
from adapters.memory.master_data import MemoryMasterData
from adapters.system.clock import SystemClock
from application.ports.registry_changes import Announced
from application.record_merge import Draft, RecordMerge
from application.registry import AnnouncedRegistry
from application.registry_rivals import RegistryRivals
from domain.device import DeviceEntry
from tests.contract.master_data import US, an_entry

pytestmark = pytest.mark.integration


@pytest.fixture
def partitions() -> int:
    return 3


async def test_what_was_announced_is_read_once_by_each_process_whatever_else_stands_there(
    connection: KafkaConnection, topics: Topics, producer: BatchProducer
) -> None:
    ours, theirs = (KafkaAnnouncements(connection, topics, producer, SystemClock()) for _ in range(2))
    versions = [Announced(an_entry(1, US), 0), Announced(an_entry(1, US + 2), US), Announced(an_entry(1, US + 1), US)]
    await theirs.announce(versions[:1])
    await producer.send([Lot(topics.registry, 0, [(b"k", b"nobody's", None, NO_HEADERS)])])
    for each in versions[1:]:
        await ours.announce([each])
    await KafkaMasterData(connection, topics, producer).put([an_entry(2, US)])
    for reader in (ours, theirs):
        found = await reader.since_last()
        assert [each for each in found if each.place == versions[0].place] == versions
        assert [each for each in found if each.place != versions[0].place] == [Announced(an_entry(2, US))]
        assert await reader.since_last() == []


async def test_who_only_wants_the_latest_version_reads_it_too(
    connection: KafkaConnection, topics: Topics, producer: BatchProducer
) -> None:
    announcements = KafkaAnnouncements(connection, topics, producer, SystemClock())
    await announcements.announce([Announced(an_entry(1, US, "mitte"), 0)])
    records = KafkaMasterData(connection, topics, producer)
    assert await records.get(DeviceEntry, an_entry(1).key) == an_entry(1, US, "mitte")


async def test_processes_that_change_one_record_at_once_all_have_their_way(
    connection: KafkaConnection, topics: Topics, producer: BatchProducer
) -> None:
    stored, announced = MemoryMasterData(), KafkaMasterData(connection, topics, producer)

    def process() -> RecordMerge:
        rivals = RegistryRivals(KafkaAnnouncements(connection, topics, producer, SystemClock()))
        return RecordMerge(AnnouncedRegistry(stored, announced, rivals), SystemClock())

    drafts = [Draft("device", {"dev_eui": an_entry(1).dev_eui, "labels": {str(n): "said"}}) for n in range(4)]
    await asyncio.gather(*(process().merge([draft]) for draft in drafts))
    entry = await stored.get(DeviceEntry, an_entry(1).key)
    assert set(entry.labels) == {"0", "1", "2", "3"}
    assert await announced.get(DeviceEntry, an_entry(1).key) == entry
