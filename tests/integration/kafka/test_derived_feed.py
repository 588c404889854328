"""The feed of derived records keeps the contract, and what Kafka alone can get wrong."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from adapters.kafka.connection import KafkaConnection
from adapters.kafka.derived_feed import KafkaDerivedFeed
from adapters.kafka.derived_records import derived_lots
from adapters.kafka.producer import BatchProducer
from adapters.kafka.topics import Topics
from application.processing.outcome import Outcome
from tests.contract.derived_feed import DerivedFeedContract, OpenFeed, Publish
from tests.integration.kafka.clients import SESSION_S

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
