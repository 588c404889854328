"""Topics and clients of a test's own, on the broker that all share."""

from collections.abc import AsyncIterator

import pytest

from adapters.kafka.connection import KafkaConnection
from adapters.kafka.producer import BatchProducer
from adapters.kafka.topics import Topics
from tests.integration.kafka.clients import migrated, topics_named
from tools.services.address import KafkaAddress


@pytest.fixture
def connection(kafka: KafkaAddress) -> KafkaConnection:
    return KafkaConnection(bootstrap=kafka.bootstrap)


@pytest.fixture
def partitions() -> int:
    """How many each topic has; test classes override it."""
    return 1


@pytest.fixture
async def topics(connection: KafkaConnection, partitions: int) -> Topics:
    """Empty topics that nobody else uses."""
    return await migrated(connection, topics_named(partitions=partitions))


@pytest.fixture
async def producer(connection: KafkaConnection, topics: Topics) -> AsyncIterator[BatchProducer]:
    async with BatchProducer(connection, max_batch_bytes=topics.max_message_bytes) as producer:
        yield producer
