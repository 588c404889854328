"""The feed of derived records keeps the contract, and what Kafka alone can get wrong."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from adapters.kafka.connection import KafkaConnection
from adapters.kafka.derived_feed import KafkaDerivedFeed
from adapters.kafka.derived_records import derived_lots
from adapters.kafka.producer import NO_HEADERS, BatchProducer, Lot
from adapters.kafka.topics import Topics
from application.errors import WrongShape
from application.ports.derived_feed import Derived
from application.processing.outcome import Outcome
from domain.radio import connection_info
from tests.contract.derived_feed import DerivedFeedContract, OpenFeed, Publish, following, observed
from tests.integration.kafka.clients import SESSION_S, remove_records
from tests.support.builders import an_uplink
from tests.support.eventually import eventually, soon

pytestmark = pytest.mark.integration


@pytest.fixture
def open_feed(connection: KafkaConnection, topics: Topics) -> OpenFeed:
    @asynccontextmanager
    async def opened() -> AsyncIterator[KafkaDerivedFeed]:
        feed = KafkaDerivedFeed(connection, topics, f"sink-{topics.observations}", session_timeout_s=SESSION_S)
        async with feed:
            yield feed

    return opened


@pytest.fixture
def publish(topics: Topics, producer: BatchProducer) -> Publish:
    async def published(outcome: Outcome) -> None:
        await producer.send(derived_lots(outcome, 0, topics))

    return published


class TestKafkaDerivedFeed(DerivedFeedContract):
    """With one partition of each topic."""


async def test_what_cannot_be_read_is_a_dead_letter_and_its_neighbours_go_on(
    open_feed: OpenFeed, publish: Publish, topics: Topics, producer: BatchProducer
) -> None:
    deep = b'{"x":' + b"[" * 100_000
    poison = (b"\xff", b"{", b'{"dev_eui":7}', b"null", b"", deep)
    await publish(observed(1))
    await producer.send([Lot(topics.observations, 0, [(b"k", value, None, NO_HEADERS) for value in poison])])
    await publish(observed(2))
    async with open_feed() as feed, following(feed) as seen:
        await eventually(seen.records, 8)
    assert seen.observations == observed(1, 2).observations
    assert [letter.body for letter in seen.unreadable] == list(poison)
    first = seen.unreadable[0]
    assert (first.stage, first.reason) == ("sink", "record_unreadable")
    assert first.origin == f"{topics.observations}/0@1"
    assert len({letter.letter_id for letter in seen.unreadable}) == len(poison)


async def test_a_tombstone_is_no_record(
    open_feed: OpenFeed, publish: Publish, topics: Topics, producer: BatchProducer
) -> None:
    await producer.send([Lot(topics.devices, 0, [(b"k", None, None, NO_HEADERS)])])
    await publish(observed(1))
    async with open_feed() as feed, following(feed) as seen:
        await eventually(seen.records, 1)
    assert seen.unreadable == []


async def test_a_committed_position_that_retention_took_is_an_error_and_not_a_jump(
    connection: KafkaConnection, open_feed: OpenFeed, publish: Publish, topics: Topics
) -> None:
    await publish(observed(1))
    async with open_feed() as feed, following(feed) as seen:
        await eventually(seen.records, 1)
    await publish(observed(2, 3, 4))
    await remove_records(connection, topics.observations, 3)
    async with open_feed() as feed:
        with pytest.raises(WrongShape, match="no longer holds this position"):
            await soon(anext(aiter(feed.read())))


async def test_a_batch_read_before_partitions_were_shared_out_anew_is_not_committed(
    connection: KafkaConnection, publish: Publish, topics: Topics
) -> None:
    group = f"sink-{topics.observations}"
    await publish(observed(1))
    async with KafkaDerivedFeed(connection, topics, group, session_timeout_s=SESSION_S) as first:
        reading = aiter(first.read())
        batch = await soon(anext(reading))
        async with KafkaDerivedFeed(connection, topics, group, session_timeout_s=SESSION_S) as second:
            following_on = asyncio.ensure_future(anext(aiter(second.read())))

            async def shared_out() -> bool:
                await first.commit(batch)
                return first.fenced > 0

            # Until the group has heard of the second, commits of the first are good.
            await eventually(shared_out, expected=True)
            await second.stop()
            following_on.cancel()
    assert first.fenced == 1


async def test_a_token_of_somebody_else_is_a_mistake_of_the_program(open_feed: OpenFeed) -> None:
    async with open_feed() as feed:
        with pytest.raises(TypeError, match="no token of this feed"):
            await feed.commit(Derived())


async def test_radio_metadata_is_read_by_whoever_asks_for_it(
    connection: KafkaConnection, publish: Publish, topics: Topics
) -> None:
    heard = Outcome(connections=[connection_info(an_uplink(1)), connection_info(an_uplink(2))])
    await publish(heard)
    await publish(observed(1))
    group, reads = f"radio-{topics.observations}", [topics.radio_metadata]
    async with (
        KafkaDerivedFeed(connection, topics, group, session_timeout_s=SESSION_S, reads=reads) as feed,
        following(feed) as seen,
    ):
        await eventually(seen.records, 2)
    assert [each for batch in seen.batches for each in batch.connections] == heard.connections


async def test_the_place_that_a_store_knows_outweighs_what_the_group_committed(
    connection: KafkaConnection, publish: Publish, topics: Topics
) -> None:
    group = f"file-{topics.observations}"
    await publish(observed(1, 2, 3))
    async with (
        KafkaDerivedFeed(connection, topics, group, session_timeout_s=SESSION_S) as feed,
        following(feed) as seen,
    ):
        await eventually(seen.records, 3)

    def place(stretch: str) -> int | None:
        return 1 if stretch == f"{topics.observations}/0" else None

    async with (
        KafkaDerivedFeed(connection, topics, group, session_timeout_s=SESSION_S, place=place) as feed,
        following(feed) as seen,
    ):
        await eventually(seen.records, 2)
    assert [each.f_cnt for each in seen.observations] == [2, 3]


async def test_what_was_stored_before_a_kill_and_not_committed_does_not_wait_for_ever(
    connection: KafkaConnection, publish: Publish, topics: Topics
) -> None:
    await publish(observed(1, 2, 3))
    stretch, group = f"{topics.observations}/0", f"file-{topics.observations}"
    async with (
        KafkaDerivedFeed(connection, topics, group, session_timeout_s=SESSION_S, place={stretch: 3}.get) as feed,
        following(feed) as seen,
    ):

        async def waits() -> int:
            place = (await feed.standing())[stretch]
            return place.end - place.done

        await eventually(waits, 0)
    assert seen.observations == []


async def test_what_was_stored_while_partitions_were_shared_out_does_not_come_again(
    connection: KafkaConnection, publish: Publish, topics: Topics
) -> None:
    places: dict[str, int] = {}
    await publish(observed(1, 2))
    async with KafkaDerivedFeed(
        connection, topics, f"file-{topics.observations}", session_timeout_s=SESSION_S, place=places.get
    ) as feed:
        reading = aiter(feed.read())
        batch = await soon(anext(reading))
        await feed._given(feed._consumer.assigned())  # shared out anew, while the batch is in hand
        places.update(batch.places)
        await publish(observed(3))
        found: list[int] = []
        while len(found) < 1:
            found += [each.f_cnt for each in (await soon(anext(reading))).observations]
        await feed.stop()
    assert found == [3]
