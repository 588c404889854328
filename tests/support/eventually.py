"""Waiting for something that comes true by and by: asks again until a deadline, and says what it last saw."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

T = TypeVar("T")

DEADLINE_S = 30.0
"""A consumer group of Kafka may take ten seconds to find itself on a busy machine; three times that."""
_PAUSE_S = 0.02


async def eventually(probe: Callable[[], Awaitable[T]], expected: T, deadline_s: float = DEADLINE_S) -> None:
    """Return once ``probe`` answers ``expected``.

    Raises:
        AssertionError: it did not within ``deadline_s``; shows the last answer.
    """
    loop = asyncio.get_running_loop()
    until = loop.time() + deadline_s
    while (seen := await probe()) != expected and loop.time() < until:
        await asyncio.sleep(_PAUSE_S)
    assert seen == expected


async def soon(coming: Awaitable[T], deadline_s: float = DEADLINE_S) -> T:
    """Return what ``coming`` yields, which must not take longer than ``deadline_s``.

    Raises:
        TimeoutError: it took longer.
    """
    async with asyncio.timeout(deadline_s):
        return await coming


async def until(holds: Callable[[], bool], deadline_s: float = DEADLINE_S) -> None:
    """Return once ``holds`` says so.

    Raises:
        AssertionError: it did not within ``deadline_s``.
    """

    async def probe() -> bool:
        return holds()

    await eventually(probe, expected=True, deadline_s=deadline_s)
