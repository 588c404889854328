"""Results out: as every connector, and what others store is ignored."""

import pytest

from adapters.memory.dead_letters import MemoryDeadLetters
from adapters.memory.derived_feed import MemoryDerivedFeed, MemoryDerivedRecords
from application.connectors import Progress, ResultConnector
from application.errors import Unavailable
from application.ports.derived_feed import Derived
from tests.contract.connector import ConnectorContract, running
from tests.support.builders import NOON_NS, a_dead_letter, a_device_state, an_observation
from tests.support.clock import FakeClock
from tests.support.eventually import until


class Observations:
    """A store of observations alone."""

    def __init__(self) -> None:
        self.stored = 0
        self.broken = False

    async def store(self, batch: Derived) -> int:
        if self.broken:
            raise Unavailable("the store does not answer")
        self.stored += len(batch.observations)
        return len(batch.observations)


class ResultScene:
    """A connector for results, in memory."""

    def __init__(self) -> None:
        self.records, self.store, self.letters = MemoryDerivedRecords(), Observations(), MemoryDeadLetters()
        feed = MemoryDerivedFeed(self.records)
        self.connector = ResultConnector(feed, self.store, self.letters, Progress(FakeClock()))
        self._offered = 0

    async def offer(self, count: int) -> None:
        for _ in range(count):
            self._offered += 1
            await self.records.publish(Derived([an_observation(event_ns=NOON_NS + self._offered)]))

    async def offer_a_bad_one(self) -> None:
        await self.records.publish(Derived(unreadable=[a_dead_letter()]))

    def break_the_store(self) -> None:
        self.store.broken = True

    def stored(self) -> int:
        return self.store.stored

    def acknowledged(self) -> int:
        return self.records.committed


@pytest.fixture
def scene() -> ResultScene:
    """A connector for results."""
    return ResultScene()


class TestResultConnector(ConnectorContract):
    """As every connector."""


async def test_what_is_no_business_of_its_store_is_ignored(scene: ResultScene) -> None:
    await scene.records.publish(Derived([an_observation()], [a_device_state()]))
    async with running(scene):
        await until(lambda: scene.acknowledged() == 1)
    assert (scene.connector.counts.out, scene.connector.counts.ignored) == (1, {"other": 1})


async def test_what_cannot_be_read_is_kept(scene: ResultScene) -> None:
    async with running(scene):
        await scene.offer_a_bad_one()
        await until(lambda: scene.acknowledged() == 1)
    assert await scene.letters.get(a_dead_letter().letter_id) == a_dead_letter()


async def test_its_last_event_is_when_something_was_so(scene: ResultScene) -> None:
    async with running(scene):
        await scene.offer(1)
        await until(lambda: scene.acknowledged() == 1)
    assert scene.connector.progress.last_event_us == NOON_NS // 1_000
