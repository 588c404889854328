"""Dead letters in Kafka keep the contract."""

import pytest

from adapters.kafka.connection import KafkaConnection
from adapters.kafka.dead_letters import KafkaDeadLetters
from adapters.kafka.producer import BatchProducer
from adapters.kafka.topics import Topics
from tests.contract.dead_letters import DeadLettersContract

pytestmark = pytest.mark.integration


@pytest.fixture
def partitions() -> int:
    return 3


@pytest.fixture
def letters(connection: KafkaConnection, topics: Topics, producer: BatchProducer) -> KafkaDeadLetters:
    return KafkaDeadLetters(connection, topics, producer)


class TestKafkaDeadLetters(DeadLettersContract):
    """Spread over three partitions."""
