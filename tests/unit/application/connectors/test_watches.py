"""Watches: a position that stands still while there is more, a look that comes to no end."""

import asyncio
from collections.abc import Mapping

import pytest

from application.connectors import BacklogWatch, Progress, PulseWatch
from application.errors import Unavailable
from application.ports.backlog import Standing
from tests.support.clock import FakeClock
from tests.support.eventually import soon, until

_STUCK_S = 120.0


class Topics:
    """What a test says of the backlog."""

    def __init__(self) -> None:
        self.found: Mapping[str, Standing] = {}
        self.error: Exception | None = None
        self.looks = 0

    async def standing(self) -> Mapping[str, Standing]:
        self.looks += 1
        if self.error is not None:
            raise self.error
        return self.found


class Watched:
    """A connector that is watched."""

    def __init__(self) -> None:
        self.clock = FakeClock()
        self.progress = Progress(self.clock)
        self.topics = Topics()
        self.backlog = BacklogWatch(self.topics, self.progress, self.clock, every_s=0.01, stuck_after_s=_STUCK_S)

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


async def test_it_looks_again_and_again_and_a_look_that_fails_says_nothing() -> None:
    watched, stop = Watched(), asyncio.Event()
    watched.topics.error = Unavailable("Kafka is away")
    running = asyncio.create_task(watched.backlog.run(stop))
    await until(lambda: watched.topics.looks >= 3)
    stop.set()
    await soon(running)


async def test_what_it_finds_ends_it() -> None:
    watched = Watched()
    watched.topics.found = {"a/0": Standing(1, 2)}
    running = asyncio.create_task(watched.backlog.run(asyncio.Event()))
    await until(lambda: watched.topics.looks >= 1)
    watched.clock.advance(_STUCK_S)
    with pytest.raises(Unavailable, match="hangs"):
        await soon(running)


def test_a_look_that_comes_to_no_end_is_seen() -> None:
    watched = Watched()
    pulse = PulseWatch(watched.progress, watched.clock, every_s=10.0, stuck_after_s=_STUCK_S)
    watched.clock.advance(_STUCK_S + 9)
    pulse.check()
    watched.clock.advance(1)
    with pytest.raises(Unavailable, match="it looks every 10 s, and came to the end of no look for 130 s"):
        pulse.check()


def test_a_look_that_found_nothing_is_a_sign_of_life() -> None:
    watched = Watched()
    pulse = PulseWatch(watched.progress, watched.clock, every_s=10.0, stuck_after_s=_STUCK_S)
    for _ in range(10):
        watched.clock.advance(100)
        watched.progress.succeeded()
        pulse.check()
    assert watched.progress.last_event_us == 0


async def test_a_pulse_is_felt_until_it_is_told_to_stop() -> None:
    watched, stop = Watched(), asyncio.Event()
    pulse = PulseWatch(watched.progress, watched.clock, every_s=0.01, stuck_after_s=_STUCK_S)
    running = asyncio.create_task(pulse.run(stop))
    await asyncio.sleep(0)
    stop.set()
    await soon(running)
