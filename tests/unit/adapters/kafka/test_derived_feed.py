"""What a read finds is one batch; once partitions were shared out anew, nothing of it is committed or comes again."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Mapping, Sequence
from functools import partial
from typing import cast

import msgspec
import pytest
from aiokafka.abc import ConsumerRebalanceListener
from aiokafka.errors import KafkaError
from aiokafka.structs import TopicPartition

from adapters.kafka.connection import KafkaConnection
from adapters.kafka.derived_feed import KafkaDerivedFeed
from adapters.kafka.group_consumer import GroupConsumer
from adapters.kafka.log_record import LogRecord
from adapters.kafka.topics import Topics
from application.errors import Unavailable
from application.ports.derived_feed import Derived, Place
from tests.support.builders import NOON_NS, an_observation
from tests.support.eventually import soon

TOPICS = Topics()
FIRST = TopicPartition(TOPICS.observations, 0)
SECOND = TopicPartition(TOPICS.observations, 1)


class Record(msgspec.Struct):
    """What is looked at of a record."""

    value: bytes
    offset: int
    key: bytes = b"k"
    timestamp: int = 0
    headers: tuple[()] = ()


def records(offset: int, number: int = 1) -> Sequence[LogRecord]:
    """Return observations from an offset on, which is also their instant."""
    each = [
        Record(msgspec.json.encode(an_observation(event_ns=NOON_NS + at)), at) for at in range(offset, offset + number)
    ]
    return cast("Sequence[LogRecord]", each)


Read = Mapping[TopicPartition, Sequence[LogRecord]]


class Consumer:
    """Gives what it was told to, read by read, and then nothing any more."""

    def __init__(self, *reads: Read) -> None:
        self.reads = list(reads)
        self.more: list[Read | Exception] = []
        """What is at hand behind a read."""
        self.before: dict[int, Callable[[], Awaitable[None]]] = {}
        """What happens while a read waits, by its number."""
        self.committed: list[Mapping[TopicPartition, int]] = []
        self.number = 0
        self.listener: ConsumerRebalanceListener | None = None

    def subscribe(self, listener: ConsumerRebalanceListener) -> None:
        """Take who hears of partitions."""
        self.listener = listener

    async def read(self, *, wait_s: float, most: int) -> Read:
        """Return what comes next."""
        if before := self.before.get(self.number):
            await before()
        self.number += 1
        if not self.reads and wait_s:
            await asyncio.Event().wait()
        return self.reads.pop(0) if self.reads else {}

    def all_at_hand(self, most: int) -> Read:
        """Return what is at hand, or raise it."""
        assert most > 0
        found = self.more.pop(0) if self.more else {}
        if isinstance(found, Exception):
            raise found
        return found

    async def shared_out(self, revoked: Collection[TopicPartition], assigned: Collection[TopicPartition]) -> None:
        """Take partitions away, and give some."""
        assert self.listener is not None
        await self.listener.on_partitions_revoked(revoked)
        await self.listener.on_partitions_assigned(assigned)

    async def commit(self, offsets: Mapping[TopicPartition, int]) -> None:
        """Note what is committed."""
        self.committed.append(offsets)

    def seek(self, partition: TopicPartition, offset: int) -> None:
        """Go where it was told to go anyway."""

    def check_place(self, partitions: Collection[TopicPartition]) -> None:
        """Nobody has our name."""


def fed(consumer: Consumer, place: Place | None = None) -> tuple[KafkaDerivedFeed, AsyncIterator[Derived]]:
    """Return a feed that reads from ``consumer``, and what it gives."""
    feed = KafkaDerivedFeed(KafkaConnection(bootstrap="nowhere:1"), TOPICS, "sink", place=place)
    feed._consumer = cast("GroupConsumer", consumer)
    return feed, aiter(feed.read())


def instants(batch: Derived) -> list[int]:
    """Return the offsets of the observations of a batch."""
    return [each.event_ns - NOON_NS for each in batch.observations]


async def test_what_a_read_finds_in_all_partitions_is_one_batch() -> None:
    consumer = Consumer({FIRST: records(3, 2), SECOND: records(7, 2)}, {FIRST: records(5)})
    feed, batches = fed(consumer)
    batch = await soon(anext(batches))
    assert instants(batch) == [3, 4, 7, 8]
    await feed.commit(batch)
    assert consumer.committed == [{FIRST: 5, SECOND: 9}]
    assert instants(await soon(anext(batches))) == [5]


async def test_what_is_at_hand_behind_a_read_is_of_its_batch() -> None:
    consumer = Consumer({FIRST: records(3, 2)}, {FIRST: records(8)})
    consumer.more = [{FIRST: records(5), SECOND: records(20)}, {FIRST: records(6, 2)}]
    feed, batches = fed(consumer)
    batch = await soon(anext(batches))
    assert instants(batch) == [3, 4, 5, 20, 6, 7]
    await feed.commit(batch)
    assert consumer.committed == [{FIRST: 8, SECOND: 21}]
    assert instants(await soon(anext(batches))) == [8]


async def test_an_error_behind_what_was_found_is_raised_once_that_is_on_its_way() -> None:
    consumer = Consumer({FIRST: records(3)})
    consumer.more = [KafkaError("no leader")]
    feed, batches = fed(consumer)
    batch = await soon(anext(batches))
    await feed.commit(batch)
    assert consumer.committed == [{FIRST: 4}]
    with pytest.raises(Unavailable, match="no leader"):
        await soon(anext(batches))


async def test_what_was_read_before_partitions_were_shared_out_is_not_committed_after_it() -> None:
    consumer = Consumer({FIRST: records(3)}, {SECOND: records(7)})
    feed, batches = fed(consumer)
    earlier = await soon(anext(batches))
    await consumer.shared_out([FIRST], [])
    await feed.commit(earlier)
    await feed.commit(await soon(anext(batches)))
    assert consumer.committed == [{SECOND: 8}]
    assert feed.fenced == 1


async def test_what_is_read_after_a_rebalance_that_came_meanwhile_belongs_to_its_partitions() -> None:
    consumer = Consumer({FIRST: records(3)})
    feed, batches = fed(consumer)
    consumer.before[0] = partial(consumer.shared_out, [SECOND], [FIRST])
    await feed.commit(await soon(anext(batches)))
    assert consumer.committed == [{FIRST: 4}]
    assert feed.fenced == 0


@pytest.mark.parametrize("again", [{FIRST: records(3, 2), SECOND: records(7)}, {SECOND: records(7)}])
async def test_what_is_stored_does_not_come_again_nor_is_its_place_taken_back(again: Read) -> None:
    stored: dict[str, int] = {}
    consumer = Consumer({FIRST: records(3)}, again)
    _, batches = fed(consumer, stored.get)
    earlier = await soon(anext(batches))
    assert instants(earlier) == [3]
    stored |= earlier.places
    await consumer.shared_out([FIRST], [FIRST])
    later = await soon(anext(batches))
    assert 3 not in instants(later)
    assert later.places[f"{FIRST.topic}/0"] >= 4
