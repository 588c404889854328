"""Sink: from what processing derived to the stores, by writes that may be repeated."""

import asyncio
from collections.abc import Coroutine, Iterator

from application.ports.dead_letters import DeadLetters
from application.ports.derived_feed import Derived, DerivedFeed
from application.ports.device_registry import DeviceRegistry
from application.ports.device_states import DeviceStates
from application.ports.loss_days import LossDays
from application.ports.observation_store import ObservationStore
from application.stage_counts import StageCounts


class Sink:
    """Stores batches, one after the other; a batch is committed once all of it is stored, while the next is."""

    def __init__(
        self,
        feed: DerivedFeed,
        observations: ObservationStore,
        states: DeviceStates,
        devices: DeviceRegistry,
        dead_letters: DeadLetters,
        losses: LossDays,
    ) -> None:
        self._feed = feed
        self._observations = observations
        self._states = states
        self._devices = devices
        self._dead_letters = dead_letters
        self._losses = losses
        self.counts = StageCounts()

    async def run(self) -> None:
        """Work until the feed is stopped.

        Raises:
            Unavailable: a store or the feed cannot do its work; what was not committed comes again.
        """
        committing: asyncio.Task[None] | None = None
        try:
            async for batch in self._feed.read():
                self.counts.came_in += batch.records
                await self._store(batch)
                if committing is not None:
                    await committing
                committing = asyncio.create_task(self._commit(batch))
        except BaseException:
            if committing is not None:  # of what is stored; should it fail as well, the first error is the one to tell
                await asyncio.gather(committing, return_exceptions=True)
            raise
        if committing is not None:
            await committing

    async def _commit(self, batch: Derived) -> None:
        try:
            await self._feed.commit(batch)
        except BaseException:  # broken off too
            await self._feed.stop()  # or who waits for the next batch hears of it with that only
            raise
        self.counts.dead += len(batch.unreadable)
        self.counts.out += batch.records - len(batch.unreadable)
        self.counts.readings += sum(len(observation.readings) for observation in batch.observations)

    async def _store(self, batch: Derived) -> None:
        """Store all kinds at the same time: none waits for the last request of the one before."""
        writing = [asyncio.ensure_future(each) for each in self._writes(batch)]
        try:
            await asyncio.gather(*writing)
        finally:
            for each in writing:
                each.cancel()

    def _writes(self, batch: Derived) -> Iterator[Coroutine[object, object, None]]:
        if batch.observations:
            yield self._observations.write(batch.observations)
        if batch.states:
            yield self._states.write(batch.states)
        if batch.devices:
            yield self._devices.register(batch.devices)
        if batch.losses:
            yield self._losses.write(batch.losses)
        if batch.unreadable:
            yield self._dead_letters.add(batch.unreadable)
