"""Tables of former versions: rows by class, of which segments are made (versions 5 and 6)."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from typing import cast

from cassandra.cluster import Session
from cassandra.query import SimpleStatement

from adapters.cassandra.connection import patiently
from adapters.cassandra.driver_errors import in_our_words
from adapters.cassandra.schema import tables_of
from adapters.cassandra.settings import ClusterSettings
from domain.observation import DataClass

FORMER = tuple(f"class_{each.value}" for each in DataClass)
_AT_ONCE = 5_000
"""Rows: of few partitions, as they lie by bucket and shard, so that they fill segments."""
_TIMEOUT_S = 60.0
"""For a page, and for dropping a table, which waits for all nodes to agree."""

FormerRow = tuple[str, int, Mapping[str, str]]
"""DevEUI, event time (ns), cells."""


class FormerTables:
    """What is left of them; every call may be repeated."""

    def __init__(self, driver: Session, settings: ClusterSettings) -> None:
        self._driver = driver
        self._settings = settings

    async def names(self) -> list[str]:
        """Return those that are still there."""
        return await asyncio.to_thread(self._names)

    async def pages(self, table: str) -> AsyncIterator[Sequence[FormerRow]]:
        """Yield all rows of one.

        Raises:
            Unavailable: no answer, several times.
        """
        following: bytes | None = None
        while True:
            rows, following = await asyncio.to_thread(self._page, table, following)
            yield rows
            if following is None:
                return

    async def drop(self, table: str) -> None:
        """Take one away, with all that is in it."""
        await asyncio.to_thread(self._execute, f"DROP TABLE IF EXISTS {self._settings.keyspace}.{table}")

    def _names(self) -> list[str]:
        with in_our_words(self._settings):
            there = patiently(lambda: tables_of(self._driver, self._settings))
        return [name for name in FORMER if name in there]

    def _execute(self, statement: str) -> None:
        with in_our_words(self._settings):
            patiently(lambda: self._driver.execute(statement, timeout=_TIMEOUT_S))

    def _page(self, table: str, following: bytes | None) -> tuple[Sequence[FormerRow], bytes | None]:
        cql = f"SELECT device, event_ns, readings FROM {self._settings.keyspace}.{table}"  # noqa: S608  names of ours
        statement = SimpleStatement(cql, fetch_size=_AT_ONCE)
        with in_our_words(self._settings):
            found = patiently(
                lambda: self._driver.execute(statement, timeout=_TIMEOUT_S, paging_state=following),
            )
        return cast("Sequence[FormerRow]", found.current_rows), found.paging_state
