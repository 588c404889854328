"""A table of somebody else's keyspace as a source of rows: looked at again and again, and only differences are given.

The first look of a process gives every row; what is in the registry already in the same words changes nothing there.
After that a row is given again when its cells differ from those that were acknowledged. What the registry says is thus
overwritten by their change, not by their repetition.
"""

import asyncio
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import suppress
from hashlib import blake2b
from types import TracebackType
from typing import Self

from msgspec import Struct

from adapters.cassandra.foreign_cells import cell_of, cells_of
from adapters.cassandra.foreign_table import ForeignTable, Values
from adapters.cassandra.settings import ClusterSettings
from application.ports.connector import BadRow, Rows, SourceRow
from application.source_rows import RowMeaning, source_row

_ACCOUNT_BYTES = 8
"""Of what is remembered of a row, beside its key: by chance two contents are taken for one in 10^19."""


class CassandraSourceSettings(Struct, frozen=True, kw_only=True):
    """What to read, and how often."""

    cluster: ClusterSettings
    """Where it is; its ``keyspace`` is not looked at."""
    keyspace: str
    table: str
    columns: Mapping[str, str]
    """Our column (docs/registry.md) by theirs."""
    every_s: float = 60.0
    """Between two looks at the whole table."""


class _Token(Struct, frozen=True):
    """What the rows of a page looked like, by their key."""

    keys: Sequence[str]
    accounts: Sequence[bytes]


class CassandraRowSource:
    """Reads by ranges of tokens, in pages; an async context manager."""

    def __init__(self, settings: CassandraSourceSettings, meaning: RowMeaning) -> None:
        self._fields = settings.columns
        self._every_s = settings.every_s
        self._meaning = meaning
        self._table = ForeignTable(settings.cluster, settings.keyspace, settings.table, list(settings.columns))
        self._stopped = asyncio.Event()
        self._look: AsyncGenerator[tuple[Sequence[Values], float], None] | None = None
        self._has_looked = False
        self._known: dict[str, bytes] = {}
        self._seen: set[str] = set()

    async def __aenter__(self) -> Self:
        self._meaning.check(list(self._fields.values()))
        await self._table.__aenter__()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None:
        if self._look is not None:
            await self._look.aclose()
        await self._table.__aexit__(kind, error, at)

    async def receive(self) -> Rows | None:
        if self._look is None:
            if self._has_looked:
                await self._pause()
            self._look, self._seen = self._table.pages(), set()
        async for page, rest in self._look:
            if self._stopped.is_set():
                return None
            if rows := self._differences(page):
                tokens = _Token([key for key, _, _ in rows], [account for _, account, _ in rows])
                return Rows([row for _, _, row in rows], tokens, round(rest * len(self._known)))
        self._look, self._has_looked = None, True
        self._forget()
        return None if self._stopped.is_set() else Rows(())

    async def acknowledge(self, rows: Rows, refused: Mapping[int, BadRow]) -> None:
        if isinstance(rows.token, _Token):
            pairs = zip(rows.token.keys, rows.token.accounts, strict=True)
            # What was refused comes again with every look: what it needs may be registered meanwhile.
            self._known.update(pair for number, pair in enumerate(pairs) if number not in refused)

    def stop(self) -> None:
        self._stopped.set()

    async def _pause(self) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(self._every_s):
                await self._stopped.wait()

    def _differences(self, page: Sequence[Values]) -> list[tuple[str, bytes, SourceRow]]:
        """Return of each row that is not as it was its key, its account, and what it says."""
        found: list[tuple[str, bytes, SourceRow]] = []
        for values in page:
            key = "/".join(cell_of(values[name]) for name in self._table.key)
            cells = cells_of(values, self._fields)
            account = _account(cells)
            self._seen.add(key)
            if self._known.get(key) != account:
                row = source_row(f"{self._table.name} {key}", cells, self._meaning)
                found.append((key, account, row))
        return found

    def _forget(self) -> None:
        """Forget the rows that are gone: one that comes back is given again."""
        for key in self._known.keys() - self._seen:
            del self._known[key]


def _account(cells: Mapping[str, str]) -> bytes:
    """Return what tells whether a row is as it was."""
    text = "\0".join(f"{column}\0{cells[column]}" for column in sorted(cells))
    return blake2b(text.encode(), digest_size=_ACCOUNT_BYTES).digest()
