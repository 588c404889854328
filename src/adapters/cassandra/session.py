"""A session with Cassandra for the event loop: prepared statements, bounded, repeated, within a deadline."""

import asyncio
from collections.abc import AsyncGenerator, Iterable, Iterator, Sequence
from contextlib import aclosing
from functools import partial
from itertools import chain, islice
from types import TracebackType
from typing import Self

from cassandra.cluster import Session as DriverSession
from cassandra.query import Statement

from adapters.cassandra.batch_limits import BatchLimits, limits_of
from adapters.cassandra.concurrency import together
from adapters.cassandra.durability import warn_of_the_only_copy
from adapters.cassandra.joint_writes import JointWrites
from adapters.cassandra.requests import Requests
from adapters.cassandra.row_batch import Prepared, known, row_batch
from adapters.cassandra.rows import Row, packed
from adapters.cassandra.schema import check_schema
from adapters.cassandra.settings import ClusterSettings
from adapters.cassandra.statements import Cql
from application.errors import Unavailable
from application.stopping import stopped_within

_PING_S = 5.0
"""How often ``watch`` asks."""


class CassandraSession:
    """Opened with ``async with``, by which it is known that the schema is the one this version needs.

    Raises, on opening:
        Unavailable: no node answers.
        Refused: credentials, certificates, data centre or installation are wrong.
        WrongShape: keyspace or table missing, or of another version.
    """

    def __init__(self, settings: ClusterSettings, limits: BatchLimits | None = None) -> None:
        """Take where Cassandra is; ``limits`` of batches are what its nodes say, unless they are given."""
        self._settings = settings
        self._given_limits = limits
        self._limits = limits or BatchLimits()
        self._prepared: dict[Cql, Prepared] = {}
        self._joint = JointWrites(self._write)
        self._requests = Requests(settings, self._prepare_all)

    async def __aenter__(self) -> Self:
        await self._requests.__aenter__()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None:
        await self._requests.__aexit__(kind, error, at)

    async def write(self, rows: Iterable[Row]) -> None:
        """Store all of ``rows``.

        Raises:
            Unavailable: a part could not be stored within the deadline, which each batch has for itself.
        """
        await self._joint.write(rows)

    async def read(self, statement: Cql, *values: object) -> Sequence[tuple[object, ...]]:
        """Return all rows of a small result.

        Raises:
            Unavailable: no answer within the deadline.
        """
        async with aclosing(self.pages(statement, values)) as pages:
            return [row async for page in pages for row in page]

    async def pages(
        self, statement: Cql, values: Sequence[object], *, size: int = 1_000
    ) -> AsyncGenerator[Sequence[tuple[object, ...]], None]:
        """Yield all rows, up to ``size`` at a time.

        Raises:
            Unavailable: no answer within the deadline, which each page has for itself.
        """
        bound, following = partial(self._bound, statement, values, size), None
        while True:
            deadline = _now() + self._settings.read_deadline_s
            result = await self._requests.answer(bound, deadline, following)
            yield result.current_rows
            following = result.paging_state
            if following is None:
                return

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
            await stopped_within(stop, _PING_S)

    async def _write(self, rows: Iterable[Row]) -> None:
        """Store ``rows``: as many batches as may be under way begin; each goes on with what is next, made only then."""
        batches = packed(rows, self._limits)
        first = list(islice(batches, self._settings.in_flight))
        await together(self._written(each, batches) for each in first)

    async def _written(self, batch: Sequence[Row], following: Iterator[Sequence[Row]]) -> None:
        """Store ``batch``, then whatever is left of ``following``."""
        for each in chain((batch,), following):
            made = partial(row_batch, each, self._prepared)
            await self._requests.answer(made, _now() + self._settings.write_deadline_s)

    def _prepare_all(self, driver: DriverSession) -> None:
        check_schema(driver, self._settings)
        self._prepared = {cql: self._prepare(driver, cql) for cql in Cql}
        self._limits = self._given_limits or limits_of(driver)
        warn_of_the_only_copy(driver, self._settings.keyspace)

    def _prepare(self, driver: DriverSession, cql: Cql) -> Prepared:
        statement = driver.prepare(cql.format(keyspace=self._settings.keyspace))
        statement.is_idempotent = True
        return known(statement)

    def _bound(self, cql: Cql, values: Sequence[object], size: int) -> Statement:
        bound = self._prepared[cql].statement.bind(values)
        bound.fetch_size = size
        return bound


def _now() -> float:
    return asyncio.get_running_loop().time()
