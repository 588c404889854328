"""Running the parts of a role until one fails or the process is told to stop."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import asynccontextmanager
from typing import Literal, TypeVar

T = TypeVar("T")

_DRAIN_S = 25.0
"""Below the 30 s that Kubernetes grants by default, with room for closing connections."""


@asynccontextmanager
async def stop_signals() -> AsyncIterator[asyncio.Event]:
    """Yield an event that SIGINT and SIGTERM set; a second one ends the process at once, as kill -9 would."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()

    def told(number: signal.Signals) -> None:
        if stop.is_set():
            os._exit(128 + number)
        stop.set()

    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, told, number)
    try:
        yield stop
    finally:
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.remove_signal_handler(number)


async def unless_stopped(stop: asyncio.Event, starting: Coroutine[None, None, T]) -> T | None:
    """Return what ``starting`` yields, or None as soon as ``stop`` is set; it is broken off then."""
    task = asyncio.create_task(starting)
    stopping = asyncio.create_task(stop.wait())
    try:
        await asyncio.wait({task, stopping}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        stopping.cancel()
        if not task.done():
            task.cancel()
            await asyncio.wait({task})
    return None if task.cancelled() else task.result()


async def run_until(
    stop: asyncio.Event, *parts: Coroutine[None, None, None], drain: Callable[[], Awaitable[None]]
) -> None:
    """Run ``parts`` together until all have ended, one fails, or ``stop`` is set.

    On ``stop``, ``drain`` asks the parts to end, and they get 25 s to finish what they have in hand. A part that fails
    ends all others; its error is raised.
    """
    tasks = [asyncio.create_task(part) for part in parts]
    stopping = asyncio.create_task(stop.wait())
    try:
        await _first_failure_or(stopping, tasks)
        await drain()
        if tasks:
            await asyncio.wait(tasks, timeout=_DRAIN_S, return_when=asyncio.FIRST_EXCEPTION)
    finally:
        stopping.cancel()
        for task in tasks:
            task.cancel()
        results = await asyncio.gather(*tasks, return_exceptions=True)
    for result in results:
        if isinstance(result, Exception):
            raise result


async def _first_failure_or(stopping: asyncio.Task[Literal[True]], tasks: list[asyncio.Task[None]]) -> None:
    """Return when told to stop, when a part has failed, or when all have ended."""
    pending: set[asyncio.Task[None] | asyncio.Task[Literal[True]]] = {stopping, *tasks}
    while not stopping.done() and len(pending) > 1:
        done, pending = await asyncio.wait(pending, return_when=asyncio.FIRST_COMPLETED)
        if any(not task.cancelled() and task.exception() is not None for task in done):
            return
