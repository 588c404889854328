"""Results out: from the topics of what processing derived to a store of one kind of them."""

from application.connectors.progress import Progress
from application.ports.connector import ResultStore
from application.ports.dead_letters import DeadLetters
from application.ports.derived_feed import Derived, DerivedFeed
from domain.rfc3339 import parse_rfc3339

_NS_PER_US = 1_000


class ResultConnector:
    """Stores batches, one after the other; one is committed once all of it is stored that is the store's business."""

    def __init__(self, feed: DerivedFeed, store: ResultStore, dead_letters: DeadLetters, progress: Progress) -> None:
        self._feed = feed
        self._store = store
        self._dead_letters = dead_letters
        self.progress = progress
        self.counts = progress.counts

    async def run(self) -> None:
        """Work until ``stop``."""
        async for batch in self._feed.read():
            self.counts.came_in += batch.records
            if batch.unreadable:  # first: a store that keeps the place of the log never gets the batch again
                await self._dead_letters.add(batch.unreadable)
            stored = await self._store.store(batch)
            await self._feed.commit(batch)
            dead = len(batch.unreadable)
            self.counts.dead += dead
            self.counts.out += stored
            self.counts.ignored["other"] += batch.records - dead - stored
            self.progress.succeeded(newest_us(batch))

    async def stop(self) -> None:
        """Read no more."""
        await self._feed.stop()


def newest_us(batch: Derived) -> int:
    """Return the time of the newest event in ``batch``, as far as the last record of each kind tells; 0: nothing."""
    times = [0]
    if batch.observations:
        times.append(batch.observations[-1].event_ns // _NS_PER_US)
    if batch.states:
        times.append(batch.states[-1].last_seen_ns // _NS_PER_US)
    if batch.devices:
        times.append(batch.devices[-1].written_us)
    if batch.connections:
        times.append(parse_rfc3339(batch.connections[-1].time) // _NS_PER_US)
    return max(times)
