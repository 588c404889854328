"""Two bridges that connect, break, are slow and are killed in any order: what never came lies in a window."""

from random import Random

import pytest

from adapters.memory.backfill_book import MemoryBackfillBook
from application.backfill import WatchedSource, Watching
from application.ports.backfill_book import Coverage, Window
from application.ports.uplink_log import RawUplink
from application.ports.uplink_source import Delivery
from tests.support.clock import FakeClock
from tests.unit.application.backfill.test_coverage import NOON_US, OVERLAP_US, FakeBroker, S

_STEPS = 300
_PAUSES_S = (1, 5, 30, 100)


class Bridge:
    """A process; what arrived waits in it until it is durable."""

    def __init__(self, number: int, book: MemoryBackfillBook, clock: FakeClock) -> None:
        self.broker = FakeBroker()
        self.broker.connected = False
        self.arrived: list[int] = []
        self.source = WatchedSource(self.broker, book, clock, Watching("swu", f"ingest-{number}", OVERLAP_US))

    async def store(self, messages: int, log: set[int]) -> None:
        """Make some of what arrived durable."""
        some, self.arrived = self.arrived[:messages], self.arrived[messages:]
        if some:
            log.update(some)
            await self.source.acknowledge(Delivery([RawUplink("swu", "tts", "up", b"", each) for each in some]))

    async def look(self) -> None:
        """Do what ``run`` does every second."""
        await self.source._look()
        if abs(self.source._through_us - self.source._noted_us) >= 10 * S:
            await self.source._note()


class City:
    """A message at each step; a bridge that is None was killed."""

    def __init__(self, seed: int) -> None:
        self.chance = Random(seed)
        self.book, self.clock = MemoryBackfillBook(), FakeClock(NOON_US)
        self.bridges: list[Bridge | None] = [None, None]
        self.published: list[int] = []
        self.log: set[int] = set()
        self.known_since_us = 0

    async def step(self) -> None:
        """Publish a message, and let something happen to a bridge."""
        self.clock.advance(self.chance.choice(_PAUSES_S))
        self.published.append(self.clock.now_us())
        for bridge in self.bridges:
            if bridge is not None and bridge.broker.connected:
                bridge.arrived.append(self.clock.now_us())
        await self.happen(self.chance.randrange(2), self.chance.random())
        for bridge in self.bridges:
            if bridge is not None:
                await bridge.look()
        covered = [each.through_us for each in await self.book.entries() if isinstance(each, Coverage)]
        self.known_since_us = self.known_since_us or max(covered, default=0)

    async def happen(self, number: int, what: float) -> None:
        """Start a bridge, let it store, lose or make its connection, or kill it."""
        bridge = self.bridges[number]
        if bridge is None:
            self.bridges[number] = bridge = Bridge(number, self.book, self.clock)
            await bridge.source.begin()
        elif what < 0.35:
            await bridge.store(self.chance.randrange(1, 4), self.log)
        elif what < 0.45 and bridge.broker.connected:
            bridge.broker.lose()
        elif what < 0.8:
            bridge.broker.connected = True
        elif what < 0.85:
            self.bridges[number] = None

    async def settle(self) -> None:
        """Let both connect, and store all that arrived."""
        for number in range(2):
            await self.happen(number, 1.0)
            if (bridge := self.bridges[number]) is not None:
                bridge.broker.connected = True
                await bridge.look()
                await bridge.store(len(bridge.arrived), self.log)

    async def missed(self) -> list[int]:
        """Return what came nowhere and will not be fetched, since anything was known of the source."""
        windows = [each for each in await self.book.entries() if isinstance(each, Window)]
        return [
            each
            for each in self.published
            if each > self.known_since_us > 0
            and each not in self.log
            and not any(window.since_us <= each < window.until_us for window in windows)
        ]


@pytest.mark.parametrize("first", range(0, 100, 20))
async def test_what_never_came_lies_in_a_window(first: int) -> None:
    for seed in range(first, first + 20):
        city = City(seed)
        for _ in range(_STEPS):
            await city.step()
        await city.settle()
        assert (seed, await city.missed()) == (seed, [])
        assert city.log
