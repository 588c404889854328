"""A sink whose loop hangs on a real Kafka is found out, at one record an hour: its group's positions tell."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

import pytest

from adapters.kafka.connection import KafkaConnection
from adapters.kafka.derived_feed import KafkaDerivedFeed
from adapters.kafka.derived_records import derived_lots
from adapters.kafka.producer import BatchProducer
from adapters.kafka.topics import Topics
from adapters.memory.dead_letters import MemoryDeadLetters
from application.connectors import BacklogWatch, Opened, Progress, ResultConnector, Supervised
from application.errors import Unavailable
from application.ports.backlog import Standing
from application.ports.derived_feed import Derived
from application.processing.outcome import Outcome
from tests.integration.kafka.clients import SESSION_S
from tests.support.builders import NOON_NS, an_observation
from tests.support.clock import FakeClock
from tests.support.eventually import soon, until

pytestmark = pytest.mark.integration
_STUCK_S = 1.0
"""Nothing here is slower than that without hanging: a record is stored as soon as it is read."""


class Store:
    """Stores observations, until it waits for ever."""

    def __init__(self) -> None:
        self.stored = 0
        self.hangs = False

    async def store(self, batch: Derived) -> int:
        if self.hangs:
            await asyncio.Event().wait()
        self.stored += len(batch.observations)
        return len(batch.observations)


class Scene:
    """A connector to a store of a test, as `stadtfunk connect` runs it."""

    def __init__(self, connection: KafkaConnection, topics: Topics) -> None:
        self.clock, self.store = FakeClock(), Store()
        self.progress = Progress(self.clock)
        self.feed = KafkaDerivedFeed(
            connection, topics, f"water-{topics.observations}", reads=[topics.observations], session_timeout_s=SESSION_S
        )
        self.connector = Supervised("swu-water-cassandra", "water_to_cassandra", self.progress, self._open)

    async def _open(self, stack: AsyncExitStack, progress: Progress) -> Opened:
        feed = await stack.enter_async_context(self.feed)
        connector = ResultConnector(feed, self.store, MemoryDeadLetters(), progress)
        watch = BacklogWatch(feed, progress, every_s=0.05, stuck_after_s=_STUCK_S)
        return Opened(connector, [watch])


@pytest.fixture
def scene(connection: KafkaConnection, topics: Topics) -> Scene:
    return Scene(connection, topics)


@asynccontextmanager
async def running(scene: Scene) -> AsyncIterator[asyncio.Task[None]]:
    """Let a connector run, and end at the end."""
    task = asyncio.create_task(scene.connector.run())
    try:
        yield task
    finally:
        await scene.connector.stop()
        await asyncio.wait({task}, timeout=10.0)
        task.cancel()


async def publish(producer: BatchProducer, topics: Topics, number: int) -> None:
    """Let processing derive one observation."""
    outcome = Outcome()
    outcome.observations.append(an_observation(event_ns=NOON_NS + number))
    await producer.send(derived_lots(outcome, 0, topics))


async def test_one_record_that_waits_too_long_ends_it(scene: Scene, producer: BatchProducer, topics: Topics) -> None:
    async with running(scene) as task:
        await publish(producer, topics, 1)
        await until(lambda: scene.store.stored == 1)
        await until(lambda: scene.progress.last_success_us > 0 and scene.progress.lag == 0)
        scene.store.hangs = True
        await publish(producer, topics, 2)
        await until(lambda: scene.progress.lag == 1)
        with pytest.raises(Unavailable, match=r"1 wait, and nothing was done for \d+ s: the connector hangs"):
            await soon(task)
    assert scene.progress.state == "FAILED"


async def test_an_hour_without_any_record_is_nothing_to_complain_of(
    scene: Scene, producer: BatchProducer, topics: Topics
) -> None:
    async with running(scene) as task:
        await publish(producer, topics, 1)
        await until(lambda: scene.store.stored == 1)
        await until(lambda: scene.progress.last_success_us > 0 and scene.progress.lag == 0)
        scene.clock.advance(3_600)
        await publish(producer, topics, 2)
        await until(lambda: scene.store.stored == 2)
        assert not task.done()


async def test_what_the_group_never_committed_waits_from_its_beginning(
    scene: Scene, producer: BatchProducer, topics: Topics
) -> None:
    for number in range(3):
        await publish(producer, topics, number)
    async with scene.feed:
        assert await scene.feed.standing() == {f"{topics.observations}/0": Standing(0, 3, SESSION_S)}
