"""Watches: a position that stands still while there is more, a look that comes to no end."""

import asyncio
from collections.abc import Callable, Mapping

import pytest

from application.connectors import BacklogWatch, Progress, PulseWatch
from application.errors import Unavailable
from application.ports.backlog import Standing
from tests.support.clock import FakeClock
from tests.support.eventually import soon, until

_STUCK_S = 120.0
_EVERY_S = 60.0


class Topics:
    """What a test says of the backlog."""

    def __init__(self) -> None:
        self.found: Mapping[str, Standing] = {}
        self.error: Exception | None = None
        self.looks = 0
        self.on_look: Callable[[], None] = _nothing

    async def standing(self) -> Mapping[str, Standing]:
        self.looks += 1
        self.on_look()
        if self.error is not None:
            raise self.error
        return self.found


def _nothing() -> None:
    """Let a look pass."""


class Watched:
    """A connector that is watched."""

    def __init__(self, every_s: float = _EVERY_S) -> None:
        self.clock = FakeClock()
        self.progress = Progress(self.clock)
        self.topics = Topics()
        self.backlog = BacklogWatch(
            self.topics, self.progress, every_s=every_s, stuck_after_s=_STUCK_S, now_s=self.now_s
        )

    def now_s(self) -> float:
        """Return the time the test has set."""
        return self.clock.now_us() / 1_000_000

    def pulse(self) -> PulseWatch:
        """Return a watch for looks ten seconds apart."""
        return PulseWatch(self.progress, every_s=10.0, stuck_after_s=_STUCK_S, now_s=self.now_s)

    def look(self, *, done: int, end: int, after_s: float = 0.0, part: str = "observations/0") -> None:
        """Let the watch see a position, some time after the last."""
        self.clock.advance(after_s)
        self.backlog.note({part: Standing(done, end)})


def test_what_moves_does_not_hang_however_much_waits() -> None:
    watched = Watched()
    for done in range(100):
        watched.look(done=done, end=1_000_000, after_s=_STUCK_S - 1)
    assert watched.progress.lag == 1_000_000 - 99


def test_what_stands_still_at_its_end_does_not_hang() -> None:
    watched = Watched()
    for _ in range(10):
        watched.look(done=7, end=7, after_s=_STUCK_S)
    assert (watched.progress.lag, watched.progress.waiting_since_us) == (0, 0)


def test_one_message_that_waits_too_long_is_enough() -> None:
    watched = Watched()
    watched.look(done=7, end=7)
    watched.look(done=7, end=8, after_s=3_600)
    watched.look(done=7, end=8, after_s=_STUCK_S - 1)
    with pytest.raises(Unavailable, match=r"observations/0: 1 wait, and nothing was done for 120 s"):
        watched.look(done=7, end=8, after_s=1)


def test_one_part_that_stands_still_is_enough() -> None:
    watched = Watched()
    for done in range(2):
        watched.clock.advance(_STUCK_S - 1)
        watched.backlog.note({"a/0": Standing(done, 1_000), "a/1": Standing(5, 6)})
    watched.clock.advance(1)
    with pytest.raises(Unavailable, match="a/1"):
        watched.backlog.note({"a/0": Standing(3, 1_000), "a/1": Standing(5, 6)})


def test_what_waits_is_told_with_the_time_since_when() -> None:
    watched = Watched()
    watched.look(done=1, end=4)
    since = watched.clock.now_us()
    watched.look(done=3, end=9, after_s=10)
    assert (watched.progress.lag, watched.progress.waiting_since_us) == (6, since)
    watched.look(done=9, end=9, after_s=10)
    assert (watched.progress.lag, watched.progress.waiting_since_us) == (0, 0)


def test_a_watch_that_was_not_let_run_itself_knows_nothing_of_meanwhile() -> None:
    watched = Watched()
    watched.look(done=7, end=8)
    watched.look(done=7, end=8, after_s=3_600)
    watched.look(done=7, end=8, after_s=_STUCK_S - 1)


async def test_it_looks_again_and_again_and_a_look_that_fails_says_nothing() -> None:
    watched, stop = Watched(every_s=0.01), asyncio.Event()
    watched.topics.error = Unavailable("Kafka is away")
    running = asyncio.create_task(watched.backlog.run(stop))
    await until(lambda: watched.topics.looks >= 3)
    stop.set()
    await soon(running)


async def test_what_was_seen_before_an_outage_counts_no_more_after_it() -> None:
    watched, stop = Watched(every_s=0.001), asyncio.Event()
    watched.topics.found = {"a/0": Standing(1, 2)}

    def later() -> None:
        """Pass four seconds with each look, every twentieth of which fails."""
        watched.clock.advance(4)
        watched.topics.error = None if watched.topics.looks % 20 else Unavailable("Kafka is away")

    watched.topics.on_look = later
    running = asyncio.create_task(watched.backlog.run(stop))
    await until(lambda: watched.topics.looks >= 100 or running.done())
    assert not running.done()
    stop.set()
    await soon(running)


async def test_what_it_finds_ends_it() -> None:
    watched = Watched(every_s=0.001)
    watched.topics.found = {"a/0": Standing(1, 2)}
    watched.topics.on_look = lambda: watched.clock.advance(4)
    with pytest.raises(Unavailable, match="hangs"):
        await soon(watched.backlog.run(asyncio.Event()))


def test_a_look_that_comes_to_no_end_is_seen() -> None:
    watched = Watched()
    pulse = watched.pulse()
    for _ in range(12):
        watched.clock.advance(10)
        pulse.check()
    watched.clock.advance(10)
    with pytest.raises(Unavailable, match="it looks every 10 s, and came to the end of no look for 130 s"):
        pulse.check()


def test_a_look_that_found_nothing_is_a_sign_of_life() -> None:
    watched = Watched()
    pulse = watched.pulse()
    for _ in range(100):
        watched.clock.advance(30)
        watched.progress.succeeded()
        pulse.check()
    assert watched.progress.last_event_us == 0


def test_a_process_that_slept_is_not_taken_to_hang() -> None:
    watched = Watched()
    pulse = watched.pulse()
    watched.clock.advance(3_600)
    pulse.check()


async def test_a_pulse_is_felt_until_it_is_told_to_stop() -> None:
    watched, stop = Watched(), asyncio.Event()
    running = asyncio.create_task(watched.pulse().run(stop))
    await asyncio.sleep(0)
    stop.set()
    await soon(running)


def test_what_another_process_has_may_stand_until_the_group_gives_it_to_us() -> None:
    watched = Watched()
    theirs = {"a/0": Standing(7, 8, grace_s=45.0)}
    for after_s in (0, _STUCK_S, 44):
        watched.clock.advance(after_s)
        watched.backlog.note(theirs)
    watched.clock.advance(1)
    with pytest.raises(Unavailable, match="165 s"):
        watched.backlog.note(theirs)


@pytest.mark.parametrize("is_proof, successes", [(True, 1), (False, 0)])
def test_where_nothing_waits_at_the_far_end_that_is_a_success(is_proof: bool, successes: int) -> None:
    watched = Watched()
    watch = BacklogWatch(watched.topics, watched.progress, every_s=15.0, stuck_after_s=60.0, is_proof=is_proof)
    watch.note({"a/0": Standing(7, 8)})
    watch.note({"a/0": Standing(8, 8)})
    assert watched.progress.successes == successes
    assert watched.progress.last_event_us == 0
