"""Dead letters in Kafka keep the contract, also where somebody settles what another looks at."""

import time
from collections.abc import AsyncGenerator, Sequence

import pytest

from adapters.kafka.connection import KafkaConnection
from adapters.kafka.dead_letters import KafkaDeadLetters
from adapters.kafka.derived_records import letter_records
from adapters.kafka.producer import BatchProducer, Lot
from adapters.kafka.topics import Topics
from application.ports.dead_letters import DeadLetter
from tests.contract.dead_letters import DeadLettersContract, settled, waiting
from tests.support.builders import a_dead_letter

pytestmark = pytest.mark.integration


@pytest.fixture
def partitions() -> int:
    return 3


@pytest.fixture
def letters(connection: KafkaConnection, topics: Topics, producer: BatchProducer) -> KafkaDeadLetters:
    return KafkaDeadLetters(connection, topics, producer)


class TestKafkaDeadLetters(DeadLettersContract):
    """Spread over three partitions."""


class _Watched(KafkaDeadLetters):
    """Its topic is read twice by who looks at it; ``between`` is settled between the two."""

    between: Sequence[DeadLetter] = ()

    async def _all(self) -> AsyncGenerator[DeadLetter, None]:
        async for letter in super()._all():
            yield letter
        await self.settle(self.between)
        self.between = ()


async def test_a_letter_that_is_settled_meanwhile_is_not_given_without_its_bytes(
    connection: KafkaConnection, topics: Topics, producer: BatchProducer
) -> None:
    letters = _Watched(connection, topics, producer)
    await letters.settle([settled("b")])  # of which the letter itself is gone
    await letters.add([a_dead_letter("c")])
    letters.between = [settled("a")]
    assert await waiting(letters) == ["c"]


async def test_a_letter_that_the_broker_keeps_longer_than_its_receipt_does_not_wait_again(
    letters: KafkaDeadLetters, topics: Topics, producer: BatchProducer
) -> None:
    [(key, value, _, headers)] = letter_records([a_dead_letter("settled once")], topics)
    just_too_old_ms = int(time.time() * 1_000) - topics.retention_ms - 1
    await producer.send([Lot(topics.dead_letters, 0, [(key, value, just_too_old_ms, headers)])])
    await letters.add([a_dead_letter("b")])
    assert await waiting(letters) == ["b"]
    assert [letter.letter_id async for letter in letters.chosen(lambda _: True)] == ["b"]
