"""A table of somebody else's keyspace: looked at, and read page by page; nothing of it is ever written.

It is read by ranges of tokens, so that no request goes over the whole table. Its user needs SELECT on it alone.
"""

import asyncio
from collections.abc import AsyncGenerator, Mapping, Sequence
from functools import partial
from itertools import pairwise
from types import TracebackType
from typing import Self

from cassandra.cluster import Session
from cassandra.metadata import TableMetadata, protect_name
from cassandra.query import PreparedStatement, Statement

from adapters.cassandra.requests import Requests
from adapters.cassandra.settings import ClusterSettings
from application.errors import WrongShape

_RANGES = 32
"""Of tokens: some 5,000 devices each in a city of 150,000."""
_FIRST_TOKEN, _LAST_TOKEN = -(2**63), 2**63 - 1
"""Of the Murmur3 partitioner, which has no token that is the first."""
_MURMUR = "Murmur3Partitioner"
_PAGE = 500
_PAGE_DEADLINE_S = 60.0
"""For one page, repeats included: a restart of a node is waited for."""

Values = Mapping[str, object]
"""Of a row by column."""


class ForeignTable:
    """Some columns of a table; an async context manager."""

    def __init__(self, cluster: ClusterSettings, keyspace: str, table: str, columns: Sequence[str]) -> None:
        self._cluster = cluster
        self._keyspace = keyspace
        self._table = table
        self._columns = tuple(columns)
        self.name = f"{keyspace}.{table}"
        self.key: Sequence[str] = ()
        """Columns of its primary key."""
        self._requests = Requests(cluster, self._prepare)

    async def __aenter__(self) -> Self:
        """Connect, and see that the table is as it was said to be.

        Raises:
            Unavailable: no node answers.
            Refused: credentials, certificates or rights are wrong.
            WrongShape: there is no such table, or it lacks a column.
        """
        await self._requests.__aenter__()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None:
        await self._requests.__aexit__(kind, error, at)

    async def pages(self) -> AsyncGenerator[tuple[Sequence[Values], float], None]:
        """Yield all rows, some hundred at a time, and with them which share of the table is still to come.

        Raises:
            Unavailable: no answer within the deadline, which each page has for itself.
            WrongShape: the table, or a column of it, is gone.
        """
        names = [*self.key, *self._columns]
        for number, bounds in enumerate(self._ranges):
            following: bytes | None = None
            while True:
                deadline = asyncio.get_running_loop().time() + _PAGE_DEADLINE_S
                try:
                    result = await self._requests.answer(partial(self._bound, bounds), deadline, following)
                except WrongShape as error:  # it speaks of our own tables, which are mended by migrating
                    said = f"table {self.name} at {self._cluster.where} is no longer as it was: {error.__cause__}"
                    raise WrongShape(f"{said}; restore it, or correct the connector", table=self.name) from error
                rows = [dict(zip(names, row, strict=True)) for row in result.current_rows]
                yield rows, 1.0 - (number + 1) / len(self._ranges)
                following = result.paging_state
                if following is None:
                    break

    def _prepare(self, driver: Session) -> None:
        table = self._metadata(driver)
        self.key = [column.name for column in table.primary_key]
        names = ", ".join(protect_name(name) for name in (*self.key, *self._columns))
        cql = f"SELECT {names} FROM {protect_name(self._keyspace)}.{protect_name(self._table)}"  # noqa: S608  no value
        self._ranges: Sequence[Sequence[int]] = [()]
        if _MURMUR in (driver.cluster.metadata.partitioner or ""):
            token = f"token({', '.join(protect_name(column.name) for column in table.partition_key)})"
            cql = f"{cql} WHERE {token} > ? AND {token} <= ?"
            self._ranges = _ranges()
        self._statement: PreparedStatement = driver.prepare(cql)
        self._statement.is_idempotent = True
        # Preparing asks for no rights: a first page does.
        driver.execute(self._bound(self._ranges[0], size=1))

    def _metadata(self, driver: Session) -> TableMetadata:
        """Return what the cluster says of the table."""
        keyspace = driver.cluster.metadata.keyspaces.get(self._keyspace)
        if keyspace is None:
            raise WrongShape(f"Cassandra at {self._cluster.where} has no keyspace {self._keyspace!r}")
        table = keyspace.tables.get(self._table)
        if table is None:
            known = ", ".join(sorted(keyspace.tables)) or "none"
            raise WrongShape(f"Cassandra at {self._cluster.where} has no table {self.name}; there are: {known}")
        missing = [name for name in self._columns if name not in table.columns]
        if missing:
            known = ", ".join(table.columns)
            raise WrongShape(f"table {self.name} has no column {', '.join(missing)}; there are: {known}")
        return table

    def _bound(self, bounds: Sequence[int], size: int = _PAGE) -> Statement:
        bound = self._statement.bind(bounds)
        bound.fetch_size = size
        return bound


def _ranges() -> list[tuple[int, int]]:
    """Return pieces of the ring: each begins behind its first token and includes its last."""
    step = (_LAST_TOKEN - _FIRST_TOKEN) // _RANGES
    ends = [*(_FIRST_TOKEN + number * step for number in range(_RANGES)), _LAST_TOKEN]
    return list(pairwise(ends))
