"""The canary: it sees that nothing comes any more, where everything says that all is well."""

import asyncio
from collections.abc import Callable, Sequence

import pytest

from application.connectors import Canary
from application.errors import Refused, Unavailable
from application.ports.canary_post import CANARY
from application.ports.uplink_log import RawUplink
from tests.support.clock import FakeClock
from tests.support.eventually import soon, until

_DEADLINE_S = 0.12
"""Six canaries, 20 ms apart."""


def a_canary_message(nonce: str) -> RawUplink:
    """Return how a canary comes in."""
    return RawUplink("swu", "tts", f"v3/app/devices/{CANARY}/up", f'{{"canary":"{nonce}"}}'.encode(), 1)


class Post:
    """The far end: hands canaries to ``route``, or refuses them with ``error``."""

    def __init__(self, ways: int = 1) -> None:
        self.ways = ways
        self.sent: list[list[str]] = []
        self.error: Exception | None = None
        self.route: Callable[[str], None] = _nowhere

    def way_of(self, topic: str) -> int | None:
        return {"up": 0, "join": 1}.get(topic.rpartition("/")[2])

    async def send(self, nonces: Sequence[str]) -> None:
        if self.error is not None:
            raise self.error
        self.sent.append(list(nonces))
        for nonce in nonces:
            self.route(nonce)


def _nowhere(_: str) -> None:
    """Lose a canary."""


def a_canary(post: Post, *, every_s: float = 0.01) -> Canary:
    """Return one that is patient for a tenth of a second."""
    return Canary(post, FakeClock(), every_s=every_s, deadline_s=_DEADLINE_S)


async def test_one_after_the_other_comes_back() -> None:
    post, stop = Post(), asyncio.Event()
    canary = a_canary(post)
    post.route = lambda nonce: canary.came(a_canary_message(nonce))
    running = asyncio.create_task(canary.run(stop))
    await until(lambda: len(post.sent) >= 3)
    stop.set()
    await soon(running)
    assert canary.back_us >= canary.sent_us > 0
    assert canary.due_us == 0


async def test_one_that_never_comes_in_says_that_the_connector_hangs() -> None:
    post = Post()
    with pytest.raises(Unavailable, match="hangs though it is connected"):
        await soon(a_canary(post).run(asyncio.Event()))
    assert len(post.sent) == 6


async def test_each_way_needs_its_own() -> None:
    post = Post(ways=2)
    canary = a_canary(post)
    post.route = lambda nonce: canary.came(a_canary_message(nonce)) if nonce.endswith("0000") else None
    with pytest.raises(Unavailable, match="1 of 2 never came in"):
        await soon(canary.run(asyncio.Event()))


async def test_another_process_s_canary_says_nothing_about_us() -> None:
    post = Post()
    canary = a_canary(post)
    post.route = lambda _: canary.came(a_canary_message("0123456789ab0000"))
    with pytest.raises(Unavailable):
        await soon(canary.run(asyncio.Event()))


async def test_one_lost_on_the_way_is_sent_again() -> None:
    post, stop = Post(), asyncio.Event()
    canary = a_canary(post, every_s=600.0)
    post.route = lambda nonce: canary.came(a_canary_message(nonce)) if len(post.sent) == 3 else None
    running = asyncio.create_task(canary.run(stop))
    await until(lambda: canary.back_us > 0)
    stop.set()
    await soon(running)


async def test_where_none_can_be_sent_nothing_is_said_of_the_connector() -> None:
    post, stop = Post(), asyncio.Event()
    post.error = Unavailable("the broker is away")
    canary = a_canary(post)
    running = asyncio.create_task(canary.run(stop))
    await until(lambda: canary.trouble == "the broker is away")
    await asyncio.sleep(2 * _DEADLINE_S)
    assert not running.done()
    assert (canary.sent_us, canary.back_us) == (0, 0)
    stop.set()
    await soon(running)


async def test_a_far_end_that_never_takes_any_is_a_wrong_setting() -> None:
    post = Post()
    post.error = Refused("no right to publish", setting="topics")
    with pytest.raises(Refused, match="canary: no right to publish"):
        await soon(a_canary(post).run(asyncio.Event()))


async def test_one_lost_with_the_far_end_is_not_awaited_for_ever() -> None:
    post, stop = Post(), asyncio.Event()
    canary = a_canary(post, every_s=600.0)
    running = asyncio.create_task(canary.run(stop))
    await until(lambda: canary.due_us > 0)
    post.error = Unavailable("the broker is away")
    await until(lambda: canary.due_us == 0)
    assert canary.trouble == "the broker is away"
    stop.set()
    await soon(running)


async def test_while_there_is_no_connection_none_is_awaited_and_nobody_is_said_to_hang() -> None:
    post, stop = Post(), asyncio.Event()
    connected: list[bool] = []
    canary = Canary(post, FakeClock(), every_s=600.0, deadline_s=_DEADLINE_S, is_connected=lambda: bool(connected))
    post.route = lambda nonce: canary.came(a_canary_message(nonce))
    running = asyncio.create_task(canary.run(stop))
    await until(lambda: canary.trouble == "there is no connection by which it could come in")
    await asyncio.sleep(2 * _DEADLINE_S)  # a broker that restarts is called again after up to a minute
    assert (running.done(), post.sent, canary.due_us) == (False, [], 0)
    stop.set()
    await soon(running)


async def test_while_one_is_under_way_it_is_known_when_it_must_be_back() -> None:
    post = Post()
    canary = a_canary(post)
    running = asyncio.create_task(canary.run(asyncio.Event()))
    await until(lambda: canary.due_us > 0)
    assert canary.due_us == canary.sent_us + int(_DEADLINE_S * 1_000_000)
    with pytest.raises(Unavailable):
        await soon(running)


async def test_an_uplink_that_comes_through_shows_that_its_way_is_open() -> None:
    post, stop = Post(), asyncio.Event()
    canary = a_canary(post, every_s=600.0)
    running = asyncio.create_task(canary.run(stop))
    await until(lambda: bool(post.sent))
    canary.passed(an_uplink_on("v3/app/devices/meter-1/up"))
    await until(lambda: canary.back_us > 0)
    stop.set()
    await soon(running)


async def test_an_uplink_by_another_way_shows_nothing() -> None:
    post = Post(ways=2)
    canary = a_canary(post)
    post.route = lambda _: canary.passed(an_uplink_on("v3/app/devices/meter-1/up"))
    with pytest.raises(Unavailable, match="1 of 2 never came in"):
        await soon(canary.run(asyncio.Event()))


def an_uplink_on(topic: str) -> RawUplink:
    """Return an uplink."""
    return RawUplink("swu", "tts", topic, b"{}", 1)
