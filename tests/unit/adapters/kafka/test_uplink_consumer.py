"""Our share of the uplinks: who may read and commit, and at what pace."""

import asyncio
from collections.abc import Mapping, Sequence

import pytest
from aiokafka.errors import IllegalStateError
from aiokafka.structs import TopicPartition

from adapters.kafka.connection import KafkaConnection
from adapters.kafka.consumer_pace import ConsumerPace
from adapters.kafka.topics import Topics
from adapters.kafka.uplink_consumer import UplinkConsumer
from application.errors import Fenced
from tests.unit.adapters.kafka.test_uplink_record import StoredRecord

AT = TopicPartition("uplinks", 3)


class ScriptedGroup:
    """Stands for the member of the group: gives what it was told to, one read after the other."""

    where = "here"

    def __init__(self, *reads: Sequence[int] | Exception) -> None:
        self._reads = list(reads)
        self.asked: list[int] = []
        self.committed: list[int] = []

    async def read(
        self, partition: TopicPartition, *, wait_s: float, most: int
    ) -> Mapping[TopicPartition, Sequence[StoredRecord]]:
        """Return the next of the reads."""
        return {partition: self._next(most)}

    def at_hand(self, partition: TopicPartition, most: int) -> Sequence[StoredRecord]:
        """Return the next of the reads."""
        return self._next(most)

    async def commit(self, offsets: Mapping[TopicPartition, int]) -> None:
        """Keep the positions."""
        self.committed += offsets.values()

    def _next(self, most: int) -> Sequence[StoredRecord]:
        self.asked.append(most)
        found = self._reads.pop(0) if self._reads else ()
        if isinstance(found, Exception):
            raise found
        return [StoredRecord(offset, 0, None, b"", ()) for offset in found[:most]]


def consumer(*reads: Sequence[int] | Exception, batch: int = 10, commit_s: float = 60.0) -> UplinkConsumer:
    """Return a consumer whose member of the group gives ``reads``."""
    pace = ConsumerPace(batch, commit_s)
    made = UplinkConsumer(KafkaConnection(bootstrap="here"), Topics(), "group", pace=pace)
    made._consumer = ScriptedGroup(*reads)  # type: ignore[assignment]  # as far as it is read
    return made


async def read(uplinks: UplinkConsumer) -> list[int] | None:
    """Return the offsets of the next records of partition 3."""
    records = await uplinks.read(3)
    return None if records is None else [record.offset for record in records]


async def whole_batch(uplinks: UplinkConsumer) -> list[list[int]]:
    """Return the offsets of the next batch of partition 3, part by part."""
    parts = [await read(uplinks) or []]
    while part := uplinks.read_on(3):
        parts.append([record.offset for record in part])
    return parts


async def test_a_partition_that_was_never_given_has_no_records() -> None:
    assert await read(consumer([1])) is None


async def test_a_partition_that_ends_is_read_no_more_but_may_be_committed() -> None:
    uplinks = consumer([1], [2])
    uplinks.own(3)
    assert await read(uplinks) == [1]
    uplinks.end([3])
    assert await read(uplinks) is None
    assert uplinks.is_ending(3)
    assert not uplinks.is_lost(3)


async def test_a_partition_that_was_given_up_is_not_committed() -> None:
    uplinks = consumer()
    uplinks.own(3)
    uplinks.disown(3)
    with pytest.raises(Fenced):
        await uplinks.commit(3, 7)


def committed(uplinks: UplinkConsumer) -> list[int]:
    """Return the positions that were committed."""
    group = uplinks._consumer
    assert isinstance(group, ScriptedGroup)
    return group.committed


async def test_a_position_after_a_silence_is_committed_with_the_next_read() -> None:
    uplinks = consumer([6], [])
    uplinks.own(3)
    uplinks.note(3, 7)
    assert committed(uplinks) == []
    await read(uplinks)
    assert committed(uplinks) == [7]


async def test_of_positions_that_follow_soon_the_last_is_committed_when_it_is_due() -> None:
    uplinks = consumer(commit_s=0.2)
    uplinks.own(3)
    for position in (7, 8, 9):
        uplinks.note(3, position)
        await read(uplinks)
    assert committed(uplinks) == [7]
    await asyncio.sleep(0.2)
    await read(uplinks)
    assert committed(uplinks) == [7, 9]


async def test_records_are_waited_for_while_a_position_is_committed() -> None:
    class Slow(ScriptedGroup):
        async def commit(self, offsets: Mapping[TopicPartition, int]) -> None:
            while not self.asked:
                await asyncio.sleep(0)
            await super().commit(offsets)

    uplinks = consumer()
    uplinks._consumer = Slow([7])  # type: ignore[assignment]  # as far as it is read
    uplinks.own(3)
    uplinks.note(3, 7)
    assert await read(uplinks) == [7]
    assert committed(uplinks) == [7]


async def test_what_was_noted_for_a_partition_that_another_has_is_told_by_the_next_read() -> None:
    class Fencing(ScriptedGroup):
        async def commit(self, offsets: Mapping[TopicPartition, int]) -> None:
            raise Fenced("another member has it")

    uplinks = consumer()
    uplinks._consumer = Fencing([7])  # type: ignore[assignment]  # as far as it is read
    uplinks.own(3)
    uplinks.note(3, 7)
    with pytest.raises(Fenced):
        await read(uplinks)


class Committing(ScriptedGroup):
    """Nothing comes, and a commit takes until it is let go."""

    def __init__(self) -> None:
        super().__init__()
        self.may_commit = asyncio.Event()

    async def read(
        self, partition: TopicPartition, *, wait_s: float, most: int
    ) -> Mapping[TopicPartition, Sequence[StoredRecord]]:
        """Wait."""
        await asyncio.Event().wait()
        return {}

    async def commit(self, offsets: Mapping[TopicPartition, int]) -> None:
        """Keep the positions, but not at once."""
        await self.may_commit.wait()
        await super().commit(offsets)


def committing() -> tuple[UplinkConsumer, Committing]:
    """Return a consumer with a position that is due."""
    uplinks, group = consumer(), Committing()
    uplinks._consumer = group  # type: ignore[assignment]  # as far as it is read
    uplinks.own(3)
    uplinks.note(3, 7)
    return uplinks, group


async def test_a_partition_is_not_given_up_before_the_commit_under_way_has_ended() -> None:
    uplinks, group = committing()
    reading = asyncio.create_task(uplinks.read(3))
    for _ in range(5):
        await asyncio.sleep(0)
    uplinks.end([3])
    for _ in range(5):
        await asyncio.sleep(0)
    assert not reading.done()
    group.may_commit.set()
    assert await reading is None
    assert group.committed == [7]


async def test_a_reading_that_is_broken_off_breaks_off_the_commit_beside_it() -> None:
    uplinks, group = committing()
    reading = asyncio.create_task(uplinks.read(3))
    for _ in range(5):
        await asyncio.sleep(0)
    reading.cancel()
    with pytest.raises(asyncio.CancelledError):
        await reading
    uplinks.disown(3)
    group.may_commit.set()
    for _ in range(5):
        await asyncio.sleep(0)
    assert group.committed == []


async def test_a_partition_that_ends_is_committed_at_once() -> None:
    uplinks = consumer([7])
    uplinks.own(3)
    for position in (7, 8):
        uplinks.note(3, position)
        await read(uplinks)
    uplinks.end([3])
    assert await read(uplinks) is None
    assert committed(uplinks) == [7, 8]


async def test_a_partition_that_was_lost_commits_nothing_when_it_comes_back() -> None:
    uplinks = consumer()
    uplinks.own(3)
    uplinks.note(3, 7)
    uplinks.disown(3)
    with pytest.raises(Fenced):
        uplinks.note(3, 8)
    uplinks.own(3)
    await read(uplinks)
    assert committed(uplinks) == []


async def test_a_partition_that_aiokafka_no_longer_knows_has_ended() -> None:
    uplinks = consumer(IllegalStateError("not assigned"))
    uplinks.own(3)
    assert await read(uplinks) is None


async def test_a_silence_is_no_end() -> None:
    uplinks = consumer([], [1])
    uplinks.own(3)
    assert await read(uplinks) == []
    assert await read(uplinks) == [1]


async def test_no_part_is_larger_than_the_batch() -> None:
    uplinks = consumer([1], batch=10)
    uplinks.own(3)
    await read(uplinks)
    assert uplinks._consumer.asked == [10]  # type: ignore[attr-defined]  # the scripted one


async def test_a_batch_is_read_in_parts_until_no_more_has_come() -> None:
    uplinks = consumer([1], [2, 3], [4], [])
    uplinks.own(3)
    assert await whole_batch(uplinks) == [[1], [2, 3], [4]]


async def test_a_batch_ends_when_it_is_full_though_more_has_come() -> None:
    uplinks = consumer(range(32), range(32, 64), range(64, 70), [70], batch=70)
    uplinks.own(3)
    assert [len(part) for part in await whole_batch(uplinks)] == [32, 32, 6]
    assert uplinks._consumer.asked == [32, 32, 6]  # type: ignore[attr-defined]  # the scripted one


async def test_a_batch_ends_when_its_partition_is_taken_away() -> None:
    uplinks = consumer([1], [2])
    uplinks.own(3)
    await read(uplinks)
    uplinks.end([3])
    assert list(uplinks.read_on(3)) == []


async def test_a_batch_ends_when_aiokafka_no_longer_knows_its_partition() -> None:
    uplinks = consumer([1], IllegalStateError("not assigned"))
    uplinks.own(3)
    await read(uplinks)
    assert list(uplinks.read_on(3)) == []


async def test_nothing_is_read_on_where_no_batch_was_begun() -> None:
    uplinks = consumer([1])
    uplinks.own(3)
    assert list(uplinks.read_on(3)) == []


async def test_many_partitions_share_what_may_be_in_hand() -> None:
    for owned, batch in ((4, 1_000), (8, 500), (100, 40)):
        uplinks = consumer(*[range(32)] * 32, batch=1_000)
        for partition in range(owned):
            uplinks.own(partition)
        await whole_batch(uplinks)
        assert sum(uplinks._consumer.asked) == batch  # type: ignore[attr-defined]  # the scripted one
