"""A table of somebody else's keyspace as a source of rows: looked at again and again, and only differences are given.

The first look of a process gives every row; what is in the registry already in the same words changes nothing there.
After that a row is given again when its cells differ from those that were acknowledged. What the registry says is thus
overwritten by their change, not by their repetition.
"""

import asyncio
from collections.abc import AsyncGenerator, Mapping, Sequence
from hashlib import blake2b
from types import TracebackType
from typing import Self

from msgspec import Struct

from adapters.cassandra.foreign_cells import cell_of, cells_of
from adapters.cassandra.foreign_table import ForeignTable, Values
from adapters.cassandra.gone_rows import GoneRows
from adapters.cassandra.settings import CassandraSourceSettings
from application.errors import Refused
from application.ports.clock import Clock
from application.ports.connector import BadRow, Rows, SourceRow
from application.record_merge import Draft
from application.source_rows import RowMeaning, source_row
from application.stopping import stopped_within

_TAKEN_BACK = "-"
"""Of a field: nothing is said of it any more (docs/registry.md)."""
_NS_PER_US = 1_000
_AT_ONCE = 500
"""Rows, or a page more."""
_ACCOUNT_BYTES = 8
"""Of what is remembered of a row, beside its key: by chance two contents are taken for one in 10^19."""


class _Row(Struct):
    """A row that is not as it was."""

    key: str
    account: bytes
    """What it looked like."""
    row: SourceRow


class CassandraRowSource:
    """Reads by ranges of tokens, in pages; an async context manager."""

    def __init__(self, settings: CassandraSourceSettings, meaning: RowMeaning, clock: Clock) -> None:
        self._clock = clock
        self._gone = GoneRows(settings.memory) if settings.memory is not None else None
        self._fields = settings.columns
        self._every_s = settings.every_s
        self._refused_again_s = settings.refused_again_s
        self._meaning = meaning
        self._table = ForeignTable(settings.cluster, settings.keyspace, settings.table, list(settings.columns))
        self._stopped = asyncio.Event()
        self._look: AsyncGenerator[tuple[Sequence[Values], float], None] | None = None
        self._has_looked = False
        self._known: dict[str, bytes] = {}
        self._due_s: dict[str, float] = {}
        """When refused rows are given again."""
        self._told_s: float | None = None
        """When it was last told that too many rows are gone."""
        self._seen: set[str] = set()

    async def __aenter__(self) -> Self:
        try:
            self._meaning.check(list(self._fields.values()))
        except Refused as error:
            raise Refused(f"columns of {self._table.name}: {error.message}", table=self._table.name) from error
        if self._gone is not None:
            await asyncio.to_thread(self._gone.load)
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
                await stopped_within(self._stopped, self._every_s)
            self._look, self._seen = self._table.pages(), set()
        found: list[_Row] = []
        async for page, rest in self._look:
            if self._stopped.is_set():
                return None
            found += self._differences(page)
            if len(found) >= _AT_ONCE:
                return _rows(found, round(rest * len(self._known)))
        if found:
            return _rows(found, 0)
        self._look, self._has_looked = None, True
        self._forget()
        if self._stopped.is_set():
            return None
        return await self._retirements(self._gone) if self._gone is not None else Rows(())

    async def acknowledge(self, rows: Rows, refused: Mapping[int, BadRow]) -> None:
        if rows.token is self._gone and self._gone is not None:
            await asyncio.to_thread(self._gone.keep)
        elif isinstance(rows.token, list):
            again_s = asyncio.get_running_loop().time() + self._refused_again_s
            self._known.update((each.key, each.account) for each in rows.token)
            self._due_s.update((rows.token[at].key, again_s) for at in refused)

    def stop(self) -> None:
        self._stopped.set()

    def _differences(self, page: Sequence[Values]) -> list[_Row]:
        """Return the rows that are not as they were."""
        found: list[_Row] = []
        now_s = asyncio.get_running_loop().time()
        for values in page:
            key = "/".join(cell_of(values[name]) for name in self._table.key)
            cells = cells_of(values, self._fields)
            account = _account(cells)
            self._seen.add(key)
            if self._gone is not None:
                self._gone.note(key, cells.get("dev_eui") or cells.get("device", ""))
                cells.setdefault("removed", _TAKEN_BACK)
            if self._known.get(key) != account or self._due_s.get(key, now_s) < now_s:
                self._due_s.pop(key, None)
                found.append(_Row(key, account, source_row(f"{self._table.name} {key}", cells, self._meaning)))
        return found

    async def _retirements(self, gone: GoneRows) -> Rows:
        """Return, at the end of a look, what is to be said of devices whose rows are gone."""
        missing = gone.gone()
        if gone.is_too_much(missing):
            gone.drop()
            now_s = asyncio.get_running_loop().time()
            if self._told_s is not None and now_s - self._told_s < self._refused_again_s:
                return Rows(())
            self._told_s = now_s
            detail = f"{len(missing)} rows are gone at once, which nobody believes: no device was retired. If it is so,"
            bad = BadRow("rows_gone", f"{detail} remove the file memory_file names, and retire the devices by a table")
            return Rows([SourceRow(self._table.name, bad, b"")])
        now_ns = self._clock.now_us() * _NS_PER_US
        drafts = [Draft("device", {"dev_eui": device, "removed_ns": now_ns}) for device in missing.values()]
        pairs = zip(missing, drafts, strict=True)
        rows = [SourceRow(f"{self._table.name} {key}", draft, b"row is gone") for key, draft in pairs]
        if rows:
            return Rows(rows, gone)
        await asyncio.to_thread(gone.keep)
        return Rows(())

    def _forget(self) -> None:
        """Forget the rows that are gone: one that comes back is given again."""
        for key in self._known.keys() - self._seen:
            del self._known[key]
            self._due_s.pop(key, None)


def _rows(found: list[_Row], waiting: int) -> Rows:
    return Rows([each.row for each in found], found, waiting)


def _account(cells: Mapping[str, str]) -> bytes:
    """Return what tells whether a row is as it was."""
    text = "\0".join(f"{column}\0{cells[column]}" for column in sorted(cells))
    return blake2b(text.encode(), digest_size=_ACCOUNT_BYTES).digest()
