"""A wait that something else may end."""

import asyncio
from collections.abc import Coroutine
from typing import TypeVar

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


def looked_at(task: asyncio.Future[T]) -> None:
    """Take the error of a wait that nobody is interested in any more, or asyncio complains."""
    if not task.cancelled():
        task.exception()
