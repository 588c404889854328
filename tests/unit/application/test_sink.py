"""Sink: stored first, committed second."""

import asyncio
from collections.abc import Callable, Sequence

import pytest

from adapters.memory.dead_letters import MemoryDeadLetters
from adapters.memory.derived_feed import MemoryDerivedFeed, MemoryDerivedRecords
from adapters.memory.device_registry import MemoryDeviceRegistry
from adapters.memory.device_states import MemoryDeviceStates
from adapters.memory.loss_days import MemoryLossDays
from adapters.memory.observation_store import MemoryObservationStore
from application.errors import Unavailable, WrongShape
from application.ports.derived_feed import Derived
from application.sink import Sink
from domain.observation import Observation
from tests.contract.loss_days import DAY, a_loss_day
from tests.support.builders import DEV, a_dead_letter, a_device, a_device_state, an_observation
from tests.support.eventually import soon, until

US = 1_767_268_800_000_000


class SlowFeed(MemoryDerivedFeed):
    """Its commits wait until they are let go, and then fail if they are told to."""

    def __init__(self, records: MemoryDerivedRecords) -> None:
        super().__init__(records)
        self.may_commit = asyncio.Event()
        self.failure: Exception | None = None

    async def commit(self, batch: Derived) -> None:
        """Wait, then do it or fail."""
        await self.may_commit.wait()
        if self.failure:
            raise self.failure
        await super().commit(batch)


class City:
    """A sink with all it needs, in memory."""

    def __init__(
        self,
        observations: MemoryObservationStore | None = None,
        feed: Callable[[MemoryDerivedRecords], MemoryDerivedFeed] = MemoryDerivedFeed,
    ) -> None:
        self.records = MemoryDerivedRecords()
        self.feed = feed(self.records)
        self.observations = observations or MemoryObservationStore()
        self.states = MemoryDeviceStates()
        self.devices = MemoryDeviceRegistry()
        self.dead_letters = MemoryDeadLetters()
        self.losses = MemoryLossDays()
        self.sink = Sink(self.feed, self.observations, self.states, self.devices, self.dead_letters, self.losses)

    async def run_until_committed(self, batches: int) -> None:
        """Let the sink work until it has committed ``batches``."""
        running = asyncio.create_task(self.sink.run())
        await until(lambda: self.records.committed >= batches or running.done())
        await self.feed.stop()
        await running


async def test_every_kind_of_record_comes_to_its_store() -> None:
    city = City()
    batch = Derived([an_observation()], [a_device_state()], [a_device()], [a_dead_letter()], losses=[a_loss_day(DEV)])
    await city.records.publish(batch)
    await city.run_until_committed(1)
    assert len(city.observations.readings(DEV)) == 1
    assert await city.states.get(DEV) == a_device_state()
    assert await city.devices.get(DEV) == a_device()
    assert await city.losses.of_device(DEV, DAY, DAY) == [a_loss_day(DEV)]
    assert await city.dead_letters.get(a_dead_letter().letter_id) == a_dead_letter()


async def test_its_law_balances() -> None:
    city = City()
    await city.records.publish(Derived([an_observation()], [a_device_state()], unreadable=[a_dead_letter()]))
    await city.run_until_committed(1)
    counts = city.sink.counts
    assert (counts.came_in, counts.out, counts.dead, counts.in_flight) == (3, 2, 1, 0)


async def test_what_could_not_be_stored_is_not_committed() -> None:
    class BrokenStore(MemoryObservationStore):
        async def write(self, observations: Sequence[Observation]) -> None:
            raise Unavailable("no node answers")

    city = City(BrokenStore())
    await city.records.publish(Derived([an_observation()]))
    with pytest.raises(Unavailable):
        await city.run_until_committed(1)
    assert city.records.committed == 0


async def slow(number: int) -> tuple[City, SlowFeed]:
    """Return a sink whose commits wait, with as many batches before it."""
    city = City(feed=SlowFeed)
    assert isinstance(city.feed, SlowFeed)
    for received in range(number):
        await city.records.publish(Derived(states=[a_device_state(DEV, US + received, received=received)]))
    return city, city.feed


async def test_while_a_batch_is_committed_the_next_is_stored_and_no_other() -> None:
    city, feed = await slow(3)
    running = asyncio.create_task(city.sink.run())
    await until(lambda: city.sink.counts.came_in == 2)
    await asyncio.sleep(0.05)
    assert await city.states.get(DEV) == a_device_state(DEV, US + 1, received=1)
    assert (city.sink.counts.came_in, city.sink.counts.out, city.records.committed) == (2, 0, 0)
    feed.may_commit.set()
    await until(lambda: city.sink.counts.out == 3)
    await feed.stop()
    await running
    assert city.records.committed == 3


async def test_told_to_stop_it_ends_when_what_it_stored_is_committed() -> None:
    city, feed = await slow(1)
    running = asyncio.create_task(city.sink.run())
    await until(lambda: city.sink.counts.came_in == 1)
    await feed.stop()
    await asyncio.sleep(0.05)
    assert not running.done()
    feed.may_commit.set()
    await running
    assert city.records.committed == 1


async def test_a_commit_that_fails_ends_it_though_nothing_more_comes() -> None:
    city, feed = await slow(1)
    feed.failure = Unavailable("no broker answers")
    feed.may_commit.set()
    with pytest.raises(Unavailable, match="no broker answers"):
        await soon(city.sink.run())


async def test_what_failed_first_is_told_though_a_commit_fails_after_it() -> None:
    class BrokenStore(MemoryObservationStore):
        async def write(self, observations: Sequence[Observation]) -> None:
            city.feed.may_commit.set()
            raise WrongShape("a table is missing")

    class BrokenCity(City):
        feed: SlowFeed

    city = BrokenCity(BrokenStore(), SlowFeed)
    city.feed.failure = Unavailable("no broker answers")
    await city.records.publish(Derived(states=[a_device_state()]))
    await city.records.publish(Derived([an_observation()]))
    with pytest.raises(WrongShape, match="a table is missing"):
        await soon(city.sink.run())


async def test_a_commit_that_is_broken_off_ends_it_though_nothing_more_comes() -> None:
    class Closing(MemoryDerivedFeed):
        async def commit(self, batch: Derived) -> None:
            raise asyncio.CancelledError

    city = City(feed=Closing)
    await city.records.publish(Derived(states=[a_device_state()]))
    with pytest.raises(asyncio.CancelledError):
        await soon(city.sink.run())
