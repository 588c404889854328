"""Up to when a source is covered: a kill or a lost connection makes a window, never too small a one."""

import asyncio

import pytest

from adapters.memory.backfill_book import MemoryBackfillBook
from adapters.memory.uplink_source import MemoryUplinkSource
from application.backfill import CoverageWatch, WatchedSource, Watching
from application.ports.backfill_book import Coverage, Window
from application.ports.uplink_log import RawUplink
from application.ports.uplink_source import Delivery
from tests.support.clock import FakeClock
from tests.support.eventually import eventually

NOON_US = 1_767_268_800_000_000
S = 1_000_000
OVERLAP_US = 60 * S


class FakeBroker(MemoryUplinkSource):
    """A source whose connection a test makes and breaks."""

    def __init__(self) -> None:
        super().__init__()
        self.connected = True
        self.losses = 0

    def lose(self) -> None:
        self.connected = False
        self.losses += 1


class Scene:
    """One bridge after the other, over one book."""

    def __init__(self) -> None:
        self.book = MemoryBackfillBook()
        self.clock = FakeClock(NOON_US)
        self.broker = FakeBroker()
        self.source = self.bridge()

    def bridge(self, instance: str = "ingest-0") -> WatchedSource:
        """Start a process."""
        self.broker = FakeBroker()
        self.source = WatchedSource(self.broker, self.book, self.clock, Watching("swu", instance, OVERLAP_US))
        return self.source

    async def deliver(self, seconds: float = 0.0) -> None:
        """Let a message come after ``seconds``, and be durable."""
        self.clock.advance(seconds)
        uplink = RawUplink("swu", "tts", "v3/a@t/devices/d/up", b"{}", self.clock.now_us())
        await self.source.acknowledge(Delivery([uplink]))

    async def windows(self) -> list[tuple[str, float, float]]:
        """Return the windows: why, and from when to when in seconds from noon."""
        return [
            (each.reason, (each.since_us - NOON_US) / S, (each.until_us - NOON_US) / S)
            for each in await self.book.entries()
            if isinstance(each, Window)
        ]

    async def covered(self) -> list[float]:
        """Return up to when each bridge covered the source, in seconds from noon."""
        return [(each.through_us - NOON_US) / S for each in await self.book.entries() if isinstance(each, Coverage)]


@pytest.fixture
async def scene() -> Scene:
    """A bridge that was started for the first time."""
    scene = Scene()
    await scene.source.begin()
    return scene


async def ended(scene: Scene) -> None:
    """Let the bridge run to its end."""
    running = asyncio.create_task(scene.source.run())
    scene.source.stop()
    await running


async def test_the_very_first_start_knows_of_no_time_before(scene: Scene) -> None:
    await scene.deliver()
    assert await scene.windows() == []


async def test_the_receipt_of_the_last_durable_message_is_remembered_at_the_end(scene: Scene) -> None:
    await scene.deliver(1)
    await scene.deliver(7)
    await ended(scene)
    assert await scene.covered() == [8.0]


async def test_it_is_remembered_every_ten_seconds_too(scene: Scene) -> None:
    running = asyncio.create_task(scene.source.run())
    await scene.deliver(11)
    await eventually(scene.covered, [11.0])
    scene.source.stop()
    await running


async def test_a_restart_asks_for_the_time_since_then_with_an_overlap(scene: Scene) -> None:
    await scene.deliver(100)
    await ended(scene)
    scene.bridge()
    scene.clock.advance(900)
    await scene.source.begin()
    await scene.deliver()
    assert await scene.windows() == [("start", 40.0, 1_060.0)]


async def test_a_reconnect_asks_for_the_time_since_the_last_message_before_it(scene: Scene) -> None:
    await scene.deliver(100)
    scene.broker.lose()
    scene.clock.advance(30)
    scene.broker.connected = True
    await scene.deliver(5)
    await scene.deliver(5)
    assert await scene.windows() == [("reconnect", 40.0, 195.0)]


async def test_several_attempts_are_one_window(scene: Scene) -> None:
    await scene.deliver(100)
    for _ in range(5):
        scene.broker.lose()
        await scene.source._look()
        scene.clock.advance(60)
    scene.broker.connected = True
    await scene.deliver()
    assert await scene.windows() == [("reconnect", 40.0, 460.0)]


async def test_what_comes_before_the_new_connection_is_known_covers_nothing_yet(scene: Scene) -> None:
    await scene.deliver(100)
    scene.broker.lose()
    await scene.deliver(300)  # it is the new connection's, whose subscription was not noted yet
    scene.broker.connected = True
    await scene.deliver(1)
    assert await scene.windows() == [("reconnect", 40.0, 461.0)]


async def test_a_kill_before_the_window_was_written_makes_the_next_one_larger(scene: Scene) -> None:
    await scene.deliver(100)
    await ended(scene)
    scene.bridge()
    await scene.source.begin()
    await scene.deliver(50)
    scene.broker.lose()
    await scene.deliver(50)
    await scene.source._note()
    scene.bridge()  # killed: the hole was never written
    await scene.source.begin()
    await scene.deliver(100)
    assert max(await scene.covered()) == 150.0
    assert ("start", 90.0, 360.0) in await scene.windows()


async def test_a_window_is_opened_though_no_message_comes(scene: Scene) -> None:
    await scene.deliver(100)
    running = asyncio.create_task(scene.source.run())
    scene.broker.losses += 1
    await eventually(scene.windows, [("reconnect", 40.0, 160.0)])
    scene.source.stop()
    await running


async def test_a_clock_that_is_set_back_makes_a_window_that_holds_either_time(scene: Scene) -> None:
    await scene.deliver(7_200)
    scene.broker.lose()
    scene.clock.advance(-1_800)
    scene.broker.connected = True
    await scene.deliver()
    assert await scene.windows() == [("reconnect", 5_340.0, 7_260.0)]


async def test_a_clock_that_was_years_ahead_is_not_believed_for_ever(scene: Scene) -> None:
    years = 3 * 365 * 86_400
    await scene.deliver(years)
    await scene.source._note()
    scene.clock.advance(60 - years)
    scene.broker.lose()
    scene.broker.connected = True
    await scene.deliver()
    assert await scene.windows() == [("reconnect", 0.0, 3_720.0)]
    await scene.deliver(40)
    await ended(scene)
    assert await scene.covered() == [100.0]


async def test_two_bridges_cover_for_each_other(scene: Scene) -> None:
    await scene.deliver(100)
    await ended(scene)
    scene.bridge("ingest-1")
    await scene.source.begin()
    await scene.deliver(900)
    await ended(scene)
    scene.bridge("ingest-0")
    await scene.source.begin()
    await scene.deliver(10)
    assert await scene.windows() == [("start", 40.0, 1_060.0), ("start", 940.0, 1_070.0)]


async def test_a_watch_notes_what_is_covered_when_it_ends(scene: Scene) -> None:
    await scene.deliver(7)
    over = asyncio.Event()
    watching = asyncio.create_task(CoverageWatch(scene.source).run(over))
    over.set()
    await watching
    assert await scene.covered() == [7.0]


async def test_messages_pass_through_untouched(scene: Scene) -> None:
    uplink = RawUplink("swu", "tts", "t", b"x", NOON_US)
    scene.broker.put([uplink])
    delivery = await scene.source.receive()
    assert delivery is not None
    assert list(delivery.uplinks) == [uplink]
    await scene.source.acknowledge(delivery)
    scene.source.stop()
    assert await scene.source.receive() is None
