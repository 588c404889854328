"""Waits that end before what they wait for."""

import asyncio
from collections.abc import Coroutine
from typing import TypeVar, cast

T = TypeVar("T")


async def unless(ended: asyncio.Future[None], waiting: Coroutine[object, object, T]) -> T | None:
    """Return what ``waiting`` yields, or None as soon as ``ended`` is done; it is broken off then.

    A rebalance lets nobody read until it is over, and does not go on before those who read have ended: without this
    race each would wait for the other (aiokafka, issue 335).
    """
    task = asyncio.ensure_future(waiting)
    try:
        await asyncio.wait((task, ended), return_when=asyncio.FIRST_COMPLETED)
    finally:
        if not task.done():
            task.cancel()
    if ended.done():
        task.add_done_callback(looked_at)
        return None
    return task.result()


async def beside(other: Coroutine[object, object, object], waiting: Coroutine[object, object, T]) -> T:
    """Return what ``waiting`` yields once ``other``, which is done meanwhile, has come to its end as well.

    What either raises is raised; if ``waiting`` fails, ``other`` is broken off.
    """
    task = asyncio.ensure_future(other)
    task.add_done_callback(looked_at)
    try:
        found = await waiting
        await task
    finally:
        task.cancel()
    return found


def at_once(asking: Coroutine[object, object, T]) -> T | None:
    """Return what ``asking`` yields without any wait; None: it would have to wait, and is broken off.

    It is no task: that would cost more than to look for records that are there already.
    """
    try:
        asking.send(None)
    except StopIteration as done:
        return cast("T", done.value)
    asking.close()
    return None


def looked_at(task: asyncio.Future[T]) -> None:
    """Take the error of a wait that nobody is interested in any more, or asyncio complains."""
    if not task.cancelled():
        task.exception()
