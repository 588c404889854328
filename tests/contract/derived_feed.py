"""What every feed of derived records promises."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager

from application.ports.dead_letters import DeadLetter
from application.ports.derived_feed import Derived, DerivedFeed
from application.processing.outcome import Outcome
from domain.device import Device, DeviceState
from domain.observation import Observation
from domain.radio import LossDay
from tests.contract.loss_days import a_loss_day
from tests.support.builders import DEV, NOON_NS, a_device, a_device_state, an_observation
from tests.support.eventually import eventually, soon

OpenFeed = Callable[[], AbstractAsyncContextManager[DerivedFeed]]
Publish = Callable[[Outcome], Awaitable[None]]
US = NOON_NS // 1_000


class Seen:
    """What was read of a feed."""

    def __init__(self) -> None:
        self.batches: list[Derived] = []

    @property
    def observations(self) -> list[Observation]:
        """Observations in the order they came."""
        return [each for batch in self.batches for each in batch.observations]

    @property
    def states(self) -> list[DeviceState]:
        """States in the order they came."""
        return [each for batch in self.batches for each in batch.states]

    @property
    def devices(self) -> list[Device]:
        """Devices in the order they came."""
        return [each for batch in self.batches for each in batch.devices]

    @property
    def losses(self) -> list[LossDay]:
        """Rows of the loss ledger in the order they came."""
        return [each for batch in self.batches for each in batch.losses]

    @property
    def unreadable(self) -> list[DeadLetter]:
        """What could not be read."""
        return [each for batch in self.batches for each in batch.unreadable]

    async def records(self) -> int:
        """Return how many records came so far."""
        return sum(batch.records for batch in self.batches)


@asynccontextmanager
async def following(feed: DerivedFeed, *, commit: bool = True) -> AsyncIterator[Seen]:
    """Read ``feed`` beside the test, committing every batch or none; stop at the end."""
    seen = Seen()

    async def follow() -> None:
        async for batch in feed.read():
            seen.batches.append(batch)
            if commit:
                await feed.commit(batch)

    running = asyncio.create_task(follow())
    try:
        yield seen
    finally:
        await feed.stop()
        await soon(running)


def observed(*seconds: int) -> Outcome:
    """Return an outcome with an observation of one device for each of ``seconds`` after noon."""
    events = [an_observation(event_ns=NOON_NS + second * 1_000_000_000, f_cnt=second) for second in seconds]
    return Outcome(observations=events)


class DerivedFeedContract:
    """Subclass with the fixtures ``open_feed`` and ``publish``.

    ``open_feed`` opens the feed, each time as a new process of the same name would, on storage that is empty at
    first; ``publish`` sends an outcome the way a checkpoint does.
    """

    async def test_every_kind_of_record_comes_through_whole(self, open_feed: OpenFeed, publish: Publish) -> None:
        outcome = observed(1, 2)
        outcome.states.append(a_device_state())
        outcome.devices.append(a_device())
        outcome.losses.append(a_loss_day(DEV))
        async with open_feed() as feed, following(feed) as seen:
            await publish(outcome)
            await eventually(seen.records, 5)
        assert sorted(seen.observations, key=lambda each: each.event_ns) == outcome.observations
        assert seen.states == outcome.states
        assert seen.devices == outcome.devices
        assert seen.losses == outcome.losses
        assert seen.unreadable == []

    async def test_what_was_published_before_is_read_too(self, open_feed: OpenFeed, publish: Publish) -> None:
        await publish(observed(1))
        async with open_feed() as feed, following(feed) as seen:
            await eventually(seen.records, 1)
        assert seen.observations == observed(1).observations

    async def test_a_device_is_read_in_the_order_of_its_records(self, open_feed: OpenFeed, publish: Publish) -> None:
        async with open_feed() as feed, following(feed) as seen:
            for start in range(0, 50, 10):
                await publish(observed(*range(start, start + 10)))
            await eventually(seen.records, 50)
        assert [each.f_cnt for each in seen.observations] == list(range(50))

    async def test_what_was_committed_does_not_come_again(self, open_feed: OpenFeed, publish: Publish) -> None:
        await publish(observed(1, 2))
        async with open_feed() as feed, following(feed) as seen:
            await eventually(seen.records, 2)
        await publish(observed(3))
        async with open_feed() as feed, following(feed) as seen:
            await eventually(seen.records, 1)
        assert [each.f_cnt for each in seen.observations] == [3]

    async def test_what_was_not_committed_comes_again(self, open_feed: OpenFeed, publish: Publish) -> None:
        await publish(observed(1, 2))
        async with open_feed() as feed, following(feed, commit=False) as seen:
            await eventually(seen.records, 2)
        async with open_feed() as feed, following(feed) as seen:
            await eventually(seen.records, 2)
        assert [each.f_cnt for each in seen.observations] == [1, 2]

    async def test_a_commit_includes_all_batches_before_it(self, open_feed: OpenFeed, publish: Publish) -> None:
        async with open_feed() as feed, following(feed, commit=False) as seen:
            for second in (1, 2, 3):
                await publish(observed(second))
                await eventually(seen.records, second)
            await feed.commit(seen.batches[-1])
        await publish(observed(4))
        async with open_feed() as feed, following(feed) as seen:
            await eventually(seen.records, 1)
        assert [each.f_cnt for each in seen.observations] == [4]

    async def test_a_batch_says_where_the_log_goes_on(self, open_feed: OpenFeed, publish: Publish) -> None:
        await publish(observed(1, 2))
        async with open_feed() as feed, following(feed) as seen:
            await eventually(seen.records, 2)
            await publish(observed(3))
            await eventually(seen.records, 3)
        first, last = seen.batches[0].places, seen.batches[-1].places
        assert first.keys() == last.keys()
        assert max(first.values()) < max(last.values())

    async def test_stop_ends_a_reading_that_waits(self, open_feed: OpenFeed) -> None:
        async with open_feed() as feed:
            reading = asyncio.create_task(_batches(feed))
            await asyncio.sleep(0)
            await feed.stop()
            assert await soon(reading) == []

    async def test_stopped_before_it_is_read_it_yields_nothing(self, open_feed: OpenFeed, publish: Publish) -> None:
        await publish(observed(1))
        async with open_feed() as feed:
            await feed.stop()
            assert await soon(_batches(feed)) == []

    async def test_the_batch_in_hand_may_be_committed_after_stop(self, open_feed: OpenFeed, publish: Publish) -> None:
        await publish(observed(1))
        async with open_feed() as feed:
            async for batch in feed.read():
                await feed.stop()
                await feed.commit(batch)
        await publish(observed(2))
        async with open_feed() as feed, following(feed) as seen:
            await eventually(seen.records, 1)
        assert [each.f_cnt for each in seen.observations] == [2]


async def _batches(feed: DerivedFeed) -> list[Derived]:
    return [batch async for batch in feed.read()]
