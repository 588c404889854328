"""A connector as its process runs it: opened, watched, ended, and truthful about which of these it is."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AsyncExitStack
from typing import Protocol, TypeVar

from msgspec import Struct

from application.cancelling import broken_off, is_told_to_end
from application.connectors.canary import Canary
from application.connectors.connector import Connector
from application.connectors.progress import Progress
from application.errors import Unavailable
from application.open_parts import OpenParts
from application.stage_counts import StageCounts

T = TypeVar("T")

_STOP_S = 5.0
"""For what is in hand when a watch has found that nothing moves: it mostly will not."""
_LET_GO_S = 5.0
"""Then to let go of what it waits for: a thread in a system call (a share that is away) never does."""


class Watch(Protocol):
    """Sees what the connector itself cannot."""

    async def run(self, stop: asyncio.Event) -> None:
        """Watch until ``stop``; raises when the connector hangs."""


class Opened(Struct):
    """A connector that is open, and who watches it."""

    connector: Connector
    watches: Sequence[Watch] = ()
    canary: Canary | None = None
    is_connected: Callable[[], bool] = lambda: True
    """Whether there is a connection now; where there is none, the state is ``RESTARTING``."""
    trouble: Callable[[], str] = str
    """Why there is none, in words for operators; empty where nothing is known of it."""


Open = Callable[[AsyncExitStack, Progress], Awaitable[Opened]]
"""Opens what a connector needs, to be closed with the stack."""


class Supervised:
    """One connector of the settings."""

    def __init__(self, name: str, kind: str, progress: Progress, open_: Open) -> None:
        self.name = name
        self.kind = kind
        self.progress = progress
        self._open = open_
        self._opened: Opened | None = None
        self._over = asyncio.Event()
        """Set once it is told to stop, or has ended: nobody watches any more."""

    @property
    def counts(self) -> StageCounts:
        """Counters of the connector."""
        return self.progress.counts

    @property
    def canary(self) -> Canary | None:
        """Its canary, if it has one and is open."""
        return self._opened.canary if self._opened is not None else None

    async def run(self) -> None:
        """Open the connector and let it work until ``stop``, its end, or a failure.

        Raises:
            Unavailable, Refused, WrongShape: it cannot be opened, it failed, or a watch found that it hangs.
            RuntimeError: a library broke it off; nobody else had told it to end.
        """
        self.progress.enter("RESTARTING")
        try:
            async with OpenParts() as stack:
                self._opened = await _unbroken("its opening", self._open(stack, self.progress))
                if not self._over.is_set():
                    await self._work(self._opened)
        except Exception as error:
            self.fail(error)
            raise
        finally:
            if self.progress.state != "FAILED":
                self.progress.enter("STOPPED")

    def fail(self, error: Exception) -> None:
        """Note that it cannot work any more."""
        self.progress.failed(error)
        self.progress.enter("FAILED")

    async def stop(self) -> None:
        """Let it finish what it has in hand, and end."""
        self._over.set()
        if self._opened is not None:
            await self._opened.connector.stop()

    def look(self) -> None:
        """Bring the state up to date with the connection."""
        if self._opened is not None and self.progress.state in ("RUNNING", "RESTARTING"):
            self.progress.enter("RUNNING" if self._opened.is_connected() else "RESTARTING")
            if self.progress.state == "RESTARTING" and (trouble := self._opened.trouble()):
                self.progress.failed(Unavailable(trouble))

    async def _work(self, opened: Opened) -> None:
        """Run connector and watches together until the connector has ended or one of them fails.

        Where a watch failed, the connector is asked to end, and broken off if it does not: mostly it cannot. What does
        not even let go then is left behind: it must not keep us from saying what it is.
        """
        self.look()
        working = asyncio.create_task(opened.connector.run())
        watching = [asyncio.create_task(watch.run(self._over)) for watch in opened.watches]
        broken_off: list[Exception] = []
        try:
            await _end_or_failure(working, watching)
            if not self._over.is_set():  # we have broken nothing off yet
                broken_off = [_broken_off(task) for task in (*watching, working) if task.cancelled()]
            if not working.done():
                await opened.connector.stop()
                await asyncio.wait({working}, timeout=_STOP_S)
        finally:
            self._over.set()
            for task in (working, *watching):
                task.cancel()
            await asyncio.wait({working, *watching}, timeout=_LET_GO_S)
        ended = [task for task in (*watching, working) if task.done() and not task.cancelled()]
        failures = [*(error for task in ended if (error := task.exception()) is not None), *broken_off]
        if failures:
            raise failures[0]


async def _end_or_failure(working: asyncio.Task[None], watching: Sequence[asyncio.Task[None]]) -> None:
    """Return when the connector has ended, or a watch has failed; a watch that only ends says nothing."""
    pending: set[asyncio.Task[None]] = {working, *watching}
    while working in pending:
        done, pending = await asyncio.wait(pending, return_when=asyncio.FIRST_COMPLETED)
        if any(task.cancelled() or task.exception() is not None for task in done):
            return


async def _unbroken(what: str, part: Awaitable[T]) -> T:
    """Return what ``part`` gives; that a library broke it off is an error of it, and nobody's wish."""
    try:
        return await part
    except asyncio.CancelledError as error:
        if is_told_to_end():
            raise
        raise broken_off(what) from error


def _broken_off(task: asyncio.Task[None]) -> Exception:
    """Return the error of a task that a library broke off, with where it was."""
    error = broken_off(task.get_coro())
    try:
        task.result()
    except asyncio.CancelledError as where:
        error.__cause__ = where
    return error
