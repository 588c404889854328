"""The checkpoint in Kafka keeps the contract."""

from collections.abc import AsyncIterator, Awaitable, Callable

import pytest

from adapters.kafka.checkpoint import KafkaCheckpoint, _nothing
from adapters.kafka.connection import KafkaConnection
from adapters.kafka.producer import NO_HEADERS, BatchProducer, Lot
from adapters.kafka.topics import Topics
from adapters.kafka.uplink_consumer import UplinkConsumer
from application.ports.checkpoint import Checkpoint
from tests.contract.checkpoint import CheckpointContract, OpenCheckpoint
from tests.contract.stream import Results
from tests.integration.kafka.clients import owning, stored_results, uplink_consumer

pytestmark = pytest.mark.integration


class TestKafkaCheckpoint(CheckpointContract):
    crash_points = ("outputs_acknowledged", "changelog_acknowledged", "position_noted")

    @pytest.fixture
    async def consumer(self, connection: KafkaConnection, topics: Topics) -> AsyncIterator[UplinkConsumer]:
        async with uplink_consumer(connection, topics) as consumer, owning(consumer):
            yield consumer

    @pytest.fixture
    def open_checkpoint(
        self, connection: KafkaConnection, topics: Topics, producer: BatchProducer, consumer: UplinkConsumer
    ) -> OpenCheckpoint:
        async def opened(at: Callable[[str], None] = _nothing) -> Checkpoint:
            return KafkaCheckpoint(connection, topics, producer, consumer, at)

        return opened

    @pytest.fixture
    def log_holds(self, topics: Topics, producer: BatchProducer) -> Callable[[int], Awaitable[None]]:
        async def hold(count: int) -> None:
            await producer.send([Lot(topics.uplinks, 0, [(b"k", b"{}", None, NO_HEADERS)] * count)])

        return hold

    @pytest.fixture
    def results(self, connection: KafkaConnection, topics: Topics) -> Callable[[], Awaitable[Results]]:
        async def read() -> Results:
            return await stored_results(connection, topics)

        return read
