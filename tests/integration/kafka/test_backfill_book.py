"""The book of backfill in its compacted topic keeps the contract, and others read it."""

import pytest

from adapters.kafka.backfill_book import KafkaBackfillBook
from adapters.kafka.connection import KafkaConnection
from adapters.kafka.producer import NO_HEADERS, BatchProducer, Lot
from adapters.kafka.topics import Topics
from tests.contract.backfill_book import BackfillBookContract, a_window

pytestmark = pytest.mark.integration


@pytest.fixture
def partitions() -> int:
    return 3


@pytest.fixture
def book(connection: KafkaConnection, topics: Topics, producer: BatchProducer) -> KafkaBackfillBook:
    return KafkaBackfillBook(connection, topics, producer)


class TestKafkaBackfillBook(BackfillBookContract):
    """Spread over three partitions."""


async def test_another_process_reads_what_was_put_and_forgotten(
    book: KafkaBackfillBook, connection: KafkaConnection, topics: Topics, producer: BatchProducer
) -> None:
    another = KafkaBackfillBook(connection, topics, producer)
    await book.put([a_window("swu"), a_window("ttn")])
    assert await another.entries() == [a_window("swu"), a_window("ttn")]
    await book.forget([a_window("swu")])
    assert await another.entries() == [a_window("ttn")]


async def test_what_somebody_else_wrote_into_the_topic_is_passed_over(
    book: KafkaBackfillBook, producer: BatchProducer, topics: Topics
) -> None:
    await producer.send([Lot(topics.backfill, 0, [(b"window/x", b"{", None, NO_HEADERS)])])
    await book.put([a_window("swu")])
    assert await book.entries() == [a_window("swu")]
