"""Dead letters in Kafka keep the contract, also where somebody settles what another looks at."""

from collections.abc import AsyncGenerator, Sequence

import pytest

from adapters.kafka.connection import KafkaConnection
from adapters.kafka.dead_letters import KafkaDeadLetters
from adapters.kafka.producer import BatchProducer
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
