"""A session with Cassandra for the event loop: prepared statements, bounded, repeated, within a deadline."""

import asyncio
import random
from collections.abc import AsyncGenerator, Callable, Iterable, Sequence
from contextlib import aclosing, suppress
from functools import partial
from types import TracebackType
from typing import Self

from cassandra.cluster import ResultSet
from cassandra.cluster import Session as DriverSession
from cassandra.query import BatchStatement, BatchType, BoundStatement, PreparedStatement, Statement
from msgspec import Struct

from adapters.cassandra.concurrency import together
from adapters.cassandra.connection import connected, disconnect
from adapters.cassandra.driver_errors import TRANSIENT, translated, unavailable
from adapters.cassandra.rows import Row
from adapters.cassandra.schema import check_schema
from adapters.cassandra.settings import ClusterSettings
from adapters.cassandra.statements import Cql
from application.errors import Unavailable

_FIRST_PAUSE_S, _LONGEST_PAUSE_S = 0.1, 3.0
"""Between repeats: doubled each time, and half of it by chance, so that many clients do not come back at once."""
_PING_S = 5.0
"""How often ``watch`` asks."""
_CLOSE_S = 10.0
"""Closing joins the driver's threads; they wait for nothing longer than a connection attempt."""


class Page(Struct, frozen=True):
    """Some rows of a result."""

    rows: Sequence[tuple[object, ...]]
    """Columns in the order of the statement."""
    following: bytes | None
    """What to ask for the next page with; None: this is the last."""


class CassandraSession:
    """Opened with ``async with``, by which it is known that the schema is the one this version needs.

    Raises, on opening:
        Unavailable: no node answers.
        Refused: credentials, certificates, data centre or installation are wrong.
        WrongShape: keyspace or table missing, or of another version.
    """

    def __init__(self, settings: ClusterSettings) -> None:
        self._settings = settings
        self._in_flight = asyncio.Semaphore(settings.in_flight)
        self._driver: DriverSession = None
        self._prepared: dict[Cql, PreparedStatement] = {}

    async def __aenter__(self) -> Self:
        await asyncio.to_thread(self._open)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None:
        driver, self._driver = self._driver, None
        with suppress(TimeoutError):
            await asyncio.wait_for(asyncio.to_thread(disconnect, driver), _CLOSE_S)

    async def write(self, batches: Iterable[Sequence[Row]]) -> None:
        """Store all rows of ``batches``.

        Raises:
            Unavailable: not all could be stored within the deadline.
        """
        deadline = _now() + self._settings.write_deadline_s
        await together(self._answer(partial(self._batch, rows), deadline) for rows in batches)

    async def read(self, statement: Cql, *values: object) -> Sequence[tuple[object, ...]]:
        """Return all rows of a small result.

        Raises:
            Unavailable: no answer within the deadline.
        """
        async with aclosing(self.pages(statement, values)) as pages:
            return [row async for page in pages for row in page]

    async def page(
        self, statement: Cql, values: Sequence[object], *, size: int = 1_000, following: bytes | None = None
    ) -> Page:
        """Return up to ``size`` rows, from where the page before ended.

        Raises:
            Unavailable: no answer within the deadline.
        """
        deadline = _now() + self._settings.read_deadline_s
        result = await self._answer(partial(self._bound, statement, values, size), deadline, following)
        return Page(result.current_rows, result.paging_state)

    async def pages(
        self, statement: Cql, values: Sequence[object], *, size: int = 1_000
    ) -> AsyncGenerator[Sequence[tuple[object, ...]], None]:
        """Yield all rows, up to ``size`` at a time.

        Raises:
            Unavailable: no answer within the deadline, which each page has for itself.
        """
        page = await self.page(statement, values, size=size)
        yield page.rows
        while page.following is not None:
            page = await self.page(statement, values, size=size, following=page.following)
            yield page.rows

    async def watch(self, stop: asyncio.Event) -> None:
        """Ask for a sign of life until ``stop``, or until none has come for ``lost_after_s``.

        Raises:
            Unavailable: Cassandra is lost to this process; a restart may find its nodes again.
        """
        last_sign = _now()
        while not stop.is_set():
            try:
                await self.read(Cql.READ_SCHEMA_VERSION)
                last_sign = _now()
            except Unavailable:
                if _now() - last_sign > self._settings.lost_after_s:
                    raise
            with suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), _PING_S)

    def _open(self) -> None:
        driver = connected(self._settings)
        try:
            check_schema(driver, self._settings)
            self._prepared = {cql: self._prepare(driver, cql) for cql in Cql}
        except Exception as error:
            disconnect(driver)
            known = translated(error, self._settings)
            if known is None:
                raise
            raise known from error
        self._driver = driver

    def _prepare(self, driver: DriverSession, cql: Cql) -> PreparedStatement:
        statement = driver.prepare(cql.format(keyspace=self._settings.keyspace))
        statement.is_idempotent = True
        return statement

    def _bound(self, cql: Cql, values: Sequence[object], size: int) -> Statement:
        bound = self._prepared[cql].bind(values)
        bound.fetch_size = size
        return bound

    def _batch(self, rows: Sequence[Row]) -> Statement:
        batch = BatchStatement(BatchType.UNLOGGED)
        batch.is_idempotent = True
        bound = {row.statement: BoundStatement(self._prepared[row.statement]) for row in rows}
        for row in rows:
            # The batch takes the values out at once; the first row's key decides which node is asked.
            bound[row.statement].values = row.values
            batch.add(bound[row.statement])
        return batch

    async def _answer(
        self, statement: Callable[[], Statement], deadline: float, following: bytes | None = None
    ) -> ResultSet:
        """Send until there is an answer, or no time for another attempt."""
        pause = _FIRST_PAUSE_S
        while True:
            try:
                async with self._in_flight:
                    return await self._sent(statement(), deadline, following)
            except TRANSIENT as error:
                if _now() + pause >= deadline:
                    raise unavailable(error, self._settings) from error
            except Exception as error:
                known = translated(error, self._settings)
                if known is None:
                    raise
                raise known from error
            await asyncio.sleep(pause * random.uniform(0.5, 1.0))  # noqa: S311  no secret
            pause = min(2 * pause, _LONGEST_PAUSE_S)

    async def _sent(self, statement: Statement, deadline: float, following: bytes | None) -> ResultSet:
        """Send once and wait on the loop, while the driver waits on its thread."""
        loop = asyncio.get_running_loop()
        answered: asyncio.Future[None] = loop.create_future()
        timeout = max(0.1, min(self._settings.request_timeout_s, deadline - loop.time()))
        response = self._driver.execute_async(statement, timeout=timeout, paging_state=following)
        wake = partial(_wake, loop, answered)
        response.add_callbacks(wake, wake)
        await answered
        return response.result()


def _wake(loop: asyncio.AbstractEventLoop, answered: asyncio.Future[None], _outcome: object) -> None:
    """Called on the driver's thread, perhaps after we gave up and the loop was closed."""
    with suppress(RuntimeError):
        loop.call_soon_threadsafe(_set, answered)


def _set(answered: asyncio.Future[None]) -> None:
    if not answered.done():
        answered.set_result(None)


def _now() -> float:
    return asyncio.get_running_loop().time()
