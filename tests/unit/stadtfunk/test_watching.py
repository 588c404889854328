"""Topics that are gone end the role; a moment's doubt does not."""

import asyncio
from collections.abc import Iterable

import pytest

from application.errors import Unavailable, WrongShape
from stadtfunk.roles.watching import watch
from tests.support.eventually import soon

FINE = None
GONE = WrongShape("topic 'uplinks' is missing")
AWAY = Unavailable("Kafka did not answer in time")


async def watched(*seen: WrongShape | Unavailable | None, blind_s: float = 600.0) -> int:
    """Return at which look watching that sees ``seen``, one look after the other, was told to stop."""
    stop, looks = asyncio.Event(), 0
    coming: Iterable[WrongShape | Unavailable | None] = iter(seen)

    async def check() -> None:
        nonlocal looks
        looks += 1
        if looks == len(seen):
            stop.set()
        if (wrong := next(iter(coming))) is not None:
            raise wrong

    await soon(watch(check, stop, every_s=0.0, blind_s=blind_s))
    return looks


async def test_it_looks_until_it_is_told_to_stop() -> None:
    assert await watched(FINE, FINE, FINE) == 3


async def test_told_to_stop_it_does_not_look_any_more() -> None:
    async def never() -> None:
        raise AssertionError

    stop = asyncio.Event()
    stop.set()
    await soon(watch(never, stop))


async def test_what_is_wrong_twice_in_a_row_is_raised() -> None:
    with pytest.raises(WrongShape, match="is missing"):
        await watched(FINE, GONE, GONE, FINE)


async def test_what_is_wrong_once_is_forgotten() -> None:
    assert await watched(GONE, FINE, GONE, FINE) == 4


async def test_servers_that_cannot_be_asked_are_no_difference() -> None:
    assert await watched(AWAY, AWAY, AWAY, FINE) == 4


async def test_between_two_differences_nobody_may_have_been_there_to_ask() -> None:
    with pytest.raises(WrongShape, match="is missing"):
        await watched(GONE, AWAY, GONE, FINE)


async def test_servers_that_cannot_be_asked_for_long_are_raised() -> None:
    with pytest.raises(Unavailable, match="in time"):
        await watched(FINE, AWAY, FINE, blind_s=-1.0)
