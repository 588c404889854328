"""Requests: sent from the event loop, answered on the driver's thread, repeated within a deadline."""

import asyncio
import random
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from types import TracebackType
from typing import Self

from cassandra import OperationTimedOut
from cassandra.cluster import ResultSet, Session
from cassandra.query import Statement

from adapters.cassandra.connection import disconnect, prepared
from adapters.cassandra.driver_errors import TRANSIENT, in_our_words, unavailable
from adapters.cassandra.settings import ClusterSettings

_FIRST_PAUSE_S, _LONGEST_PAUSE_S = 0.1, 3.0
"""Between repeats: doubled each time, and half of it by chance, so that many clients do not come back at once."""
_LEAST_TIMEOUT_S = 0.1
"""For a request that waited its turn until the deadline."""
_SILENCE_S = 5.0
"""After the driver's own timeout. Its timers live on one thread; should that hang or die, nobody would ever be woken,
and who watches over the session would wait with all others."""
_CLOSE_S = 10.0
"""Closing joins the driver's threads; they wait for nothing longer than a connection attempt."""


class Requests:
    """So many at once as the settings allow, all of statements that may be repeated; an async context manager."""

    def __init__(self, settings: ClusterSettings, prepare: Callable[[Session], None]) -> None:
        """Take where Cassandra is, and what makes a session ready; it may be done again."""
        self._settings = settings
        self._prepare = prepare
        self._in_flight = asyncio.Semaphore(settings.in_flight)

    async def __aenter__(self) -> Self:
        """Connect.

        Raises:
            Unavailable: no node answers.
            Refused: credentials, certificates, data centre or installation are wrong.
            WrongShape: the nodes are too old, or what ``prepare`` looks for is not as it should be.
        """
        self._driver = await asyncio.to_thread(prepared, self._settings, self._prepare)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None:
        with suppress(TimeoutError):
            await asyncio.wait_for(asyncio.to_thread(disconnect, self._driver), _CLOSE_S)

    async def answer(
        self, statement: Callable[[], Statement], deadline: float, following: bytes | None = None
    ) -> ResultSet:
        """Send until there is an answer, or no time for another attempt.

        Args:
            statement: makes what to send, anew for each attempt.
            deadline: in the loop's time.
            following: the place in the result where the last page ended.

        Raises:
            Unavailable: no answer by the deadline.
            WrongShape: the statement does not fit the tables.
            Refused: we may not do that.
        """
        loop, pause = asyncio.get_running_loop(), _FIRST_PAUSE_S
        while True:
            try:
                async with self._in_flight:
                    return await self._sent(statement(), deadline, following)
            except TRANSIENT as error:
                if loop.time() + pause >= deadline:
                    raise unavailable(error, self._settings) from error
            await asyncio.sleep(pause * random.uniform(0.5, 1.0))  # noqa: S311  no secret
            pause = min(2 * pause, _LONGEST_PAUSE_S)

    async def _sent(self, statement: Statement, deadline: float, following: bytes | None) -> ResultSet:
        """Send once and wait on the loop, while the driver waits on its thread."""
        loop = asyncio.get_running_loop()
        answered: asyncio.Future[None] = loop.create_future()
        timeout = max(_LEAST_TIMEOUT_S, min(self._settings.request_timeout_s, deadline - loop.time()))
        response = self._driver.execute_async(statement, timeout=timeout, paging_state=following)
        wake = partial(_wake, loop, answered)
        response.add_callbacks(wake, wake)
        try:
            async with asyncio.timeout(timeout + _SILENCE_S):
                await answered
        except TimeoutError:
            raise OperationTimedOut from None
        with in_our_words(self._settings, but=TRANSIENT):
            return response.result()


def _wake(loop: asyncio.AbstractEventLoop, answered: asyncio.Future[None], _outcome: object) -> None:
    """Called on the driver's thread, perhaps after we gave up and the loop was closed."""
    with suppress(RuntimeError):
        loop.call_soon_threadsafe(_set, answered)


def _set(answered: asyncio.Future[None]) -> None:
    if not answered.done():
        answered.set_result(None)
