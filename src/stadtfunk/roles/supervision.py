"""Running the parts of a role until one fails or the process is told to stop."""

import asyncio
import logging
import os
import signal
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from threading import Timer
from traceback import walk_tb
from typing import Any, TypeVar

from application.cancelling import broken_off, named
from application.errors import ApplicationError
from stadtfunk.exit_codes import BUG, exit_code

Part = Coroutine[None, None, None]
"""Of the work of a role; all its parts run together."""
T = TypeVar("T")
_log = logging.getLogger(__name__)

_DRAIN_S = 25.0
"""Below the 30 s that Kubernetes grants by default, with room for closing connections."""
_AFTER_FAILURE_S = 5.0
"""What is in hand elsewhere is worth a few writes; some of it may wait for the very thing that failed."""
_LET_GO_S = 35.0
"""For what was broken off: partitions are given up in 30 s at most (adapters.kafka.deadlines), and a connector leaves
behind in 10 s what hangs."""
_AT_LAST_S = 20.0
"""After a failure for all that is still awaited then; each of it has its deadline, but for a thread."""
_OURS = frozenset(("adapters", "application", "domain", "stadtfunk"))
_IN_TASKS = frozenset(("task", "future"))
"""Of these contexts of asyncio's: an error that nobody fetched, perhaps because nobody wanted it any more."""


def run_to_its_end(work: Part) -> None:
    """Run ``work`` as ``asyncio.run`` does; after a failure the process ends even where a thread of it does not.

    A thread that hangs in a system call (a share that is away) would be waited for, and nobody start us again.
    """
    at_last: list[Timer] = []

    async def noting() -> None:
        try:
            await work
        except Exception as error:
            at_last.append(Timer(_AT_LAST_S, _end_at_once, [error]))
            at_last[0].daemon = True
            at_last[0].start()
            raise

    try:
        asyncio.run(noting())
    finally:
        for timer in at_last:
            timer.cancel()


def _end_at_once(error: Exception) -> None:
    print(f"{error}; something of it does not end: ended nevertheless", file=sys.stderr, flush=True)
    os._exit(exit_code(error) if isinstance(error, ApplicationError) else BUG)


@asynccontextmanager
async def stop_signals() -> AsyncIterator[asyncio.Event]:
    """Yield an event that SIGINT and SIGTERM set; a second one ends the process at once, as kill -9 would."""
    stop, signalled = asyncio.Event(), asyncio.Event()
    loop = asyncio.get_running_loop()

    def told(number: signal.Signals) -> None:
        if signalled.is_set():
            os._exit(128 + number)
        signalled.set()
        stop.set()

    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, told, number)
    try:
        yield stop
    finally:
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.remove_signal_handler(number)


async def unless_stopped(stop: asyncio.Event, starting: Coroutine[None, None, T]) -> T | None:
    """Return what ``starting`` yields, or None as soon as ``stop`` is set; it is broken off then.

    Raises:
        RuntimeError: a library broke it off, and nobody had told it to.
    """
    task = asyncio.create_task(starting)
    stopping = asyncio.create_task(stop.wait())
    try:
        await asyncio.wait({task, stopping}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        stopping.cancel()
        if not task.done():
            task.cancel()
            await asyncio.wait({task})
    if not task.cancelled():
        return task.result()
    if stop.is_set():
        return None
    raise broken_off(starting)


async def run_until(
    stop: asyncio.Event,
    *parts: Part,
    drain: Callable[[], Awaitable[None]],
    drain_s: float = _DRAIN_S,
    lasting: Sequence[Part] = (),
) -> None:
    """Run ``parts`` and ``lasting`` together until all have ended, one fails, or ``stop`` is set.

    One of ``lasting`` that ends before it is told to has failed: nobody may seem to work whose work is over. So has who
    called us back, if the callback was ours: asyncio would only log it.

    Then ``stop`` is set for all, ``drain`` asks the parts to end, and all of it gets ``drain_s`` to finish what is in
    hand, or 5 s after a failure. What fails first is raised; it is mostly why the others fail.
    """
    failures: list[Exception] = []
    all_parts = [*parts, *(_to_the_end(part, stop) for part in lasting)]
    tasks = [asyncio.create_task(_noting(part, failures, stop)) for part in all_parts]
    stopping: asyncio.Task[bool] = asyncio.create_task(stop.wait())
    try:
        with _noting_callbacks(failures, stop):
            await _first_failure_or(stopping, tasks, failures)
        stop.set()
        tasks.append(asyncio.create_task(_noting(drain(), failures, stop)))
        await asyncio.wait(tasks, timeout=min(drain_s, _AFTER_FAILURE_S) if failures else drain_s)
    finally:
        stop.set()  # whoever is broken off from here on is told to end
        stopping.cancel()
        for task in tasks:
            task.cancel()
        if tasks:
            await asyncio.wait(tasks, timeout=_LET_GO_S)
    for failure in failures[1:]:
        _log.error("%s", failure)
    if failures:
        raise failures[0]


async def _noting(part: Awaitable[None], failures: list[Exception], stop: asyncio.Event) -> None:
    """Await ``part``; what it raises stands among the failures then.

    So does that it was broken off before ``stop``, and not by us: a library that cancels what we wait for would end a
    part of ours, and nobody would know.
    """
    try:
        await part
    except asyncio.CancelledError:
        if stop.is_set():
            raise
        failures.append(broken_off(part))
    except Exception as error:  # noqa: BLE001  ``run_until`` raises it
        failures.append(error)


async def _to_the_end(part: Part, stop: asyncio.Event) -> None:
    """Await ``part``, which may not end before ``stop``."""
    await part
    if not stop.is_set():
        raise RuntimeError(f"{named(part)} has ended, and nobody had told it to")


@contextmanager
def _noting_callbacks(failures: list[Exception], stop: asyncio.Event) -> Iterator[None]:
    """Take what callbacks of ours raise for failures, which end everything; others' are logged, as ever."""
    loop = asyncio.get_running_loop()

    def failed(_: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        error = context.get("exception")
        if isinstance(error, Exception) and not _IN_TASKS & context.keys() and _is_ours(error):
            failures.append(error)
            stop.set()
        else:
            loop.default_exception_handler(context)

    before = loop.get_exception_handler()
    loop.set_exception_handler(failed)
    try:
        yield
    finally:
        loop.set_exception_handler(before)


def _is_ours(error: Exception) -> bool:
    """Say whether the error passed through code of this project."""
    modules = (str(frame.f_globals.get("__name__", "")) for frame, _ in walk_tb(error.__traceback__))
    return any(module.partition(".")[0] in _OURS for module in modules)


async def _first_failure_or(
    stopping: asyncio.Task[bool], tasks: list[asyncio.Task[None]], failures: list[Exception]
) -> None:
    """Return when told to stop, when a part has failed, or when all have ended."""
    pending: set[asyncio.Task[None] | asyncio.Task[bool]] = {stopping, *tasks}
    while not (stopping.done() or failures) and len(pending) > 1:
        _, pending = await asyncio.wait(pending, return_when=asyncio.FIRST_COMPLETED)
