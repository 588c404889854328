"""A process that stands still while it restores, and another that goes on with its partition in the meantime."""

from collections.abc import Awaitable, Callable

import pytest

from adapters.kafka.checkpoint import KafkaCheckpoint
from adapters.kafka.connection import KafkaConnection
from adapters.kafka.producer import NO_HEADERS, BatchProducer, Lot
from adapters.kafka.topics import Topics
from adapters.kafka.uplink_consumer import UplinkConsumer
from tests.contract.checkpoint import process, replayed
from tests.contract.stream import a_stream, expected
from tests.integration.kafka.clients import SESSION_S, group_of, owning

pytestmark = pytest.mark.integration
STREAM = a_stream(60)


class Interrupted(UplinkConsumer):
    """Lets something happen around one of the questions that a restore asks."""

    meanwhile: Callable[[], Awaitable[None]] | None = None
    passes = 0
    """How many of these moments go by before."""

    async def committed(self, partition: int) -> int | None:
        await self._pass()
        answer = await super().committed(partition)
        await self._pass()
        return answer

    async def bounds(self, partition: int) -> tuple[int, int]:
        await self._pass()
        answer = await super().bounds(partition)
        await self._pass()
        return answer

    async def _pass(self) -> None:
        self.passes -= 1
        if self.passes < 0 and self.meanwhile is not None:
            happening, self.meanwhile = self.meanwhile, None
            await happening()


@pytest.mark.parametrize("before", [0, 30], ids=["first start", "restart"])
@pytest.mark.parametrize("passes", range(4))
async def test_a_memory_is_never_behind_the_position_it_is_read_with(
    connection: KafkaConnection, topics: Topics, producer: BatchProducer, before: int, passes: int
) -> None:
    async def log(count: int) -> None:
        await producer.send([Lot(topics.uplinks, 0, [(b"k", b"{}", None, NO_HEADERS)] * count)])

    consumer = Interrupted(connection, topics, group_of(topics), session_timeout_s=SESSION_S)
    async with consumer, owning(consumer):
        checkpoint = KafkaCheckpoint(connection, topics, producer, consumer)
        await log(30)
        if before:
            await process(checkpoint, STREAM, until=before)

        async def go_on() -> None:
            await log(30)
            await process(checkpoint, STREAM)

        consumer.meanwhile, consumer.passes = go_on, passes
        restored = await checkpoint.restore(0)
        assert consumer.meanwhile is None
    assert replayed(restored, STREAM, 0, len(STREAM)) == expected(STREAM)[1]
