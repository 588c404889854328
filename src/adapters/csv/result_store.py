"""Results of one kind, as rows of files that anybody can open."""

import asyncio
import csv
import io
from collections.abc import Callable, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

from msgspec import Struct

from adapters.csv.daily_files import DailyFiles, nothing
from adapters.csv.on_thread import Aside
from adapters.csv.result_rows import Cells, result_rows
from application.ports.clock import Clock
from application.ports.derived_feed import Derived

_MIB = 1_048_576
_REST_S = 5.0
"""How long the place may be behind where no row was ours: to write it for each batch would be for nothing."""


class CsvSinkSettings(Struct, frozen=True, kw_only=True):
    """What to write, and where."""

    name: str
    """The connector's: files are named after it, and what is remembered stands under it, so it stays the same."""
    what: str
    """``radio_metadata``, or a subject of readings (domain.observation.Subject)."""
    folder: Path
    most_mib: int = 256
    """A file of this size is followed by another one of its day."""


class CsvResultStore:
    """Appends rows; an async context manager. Its feed must be opened with ``place``, so that no row comes twice."""

    def __init__(self, settings: CsvSinkSettings, clock: Clock, *, at: Callable[[str], None] = nothing) -> None:
        self._clock = clock
        self._table = result_rows(settings.what)
        self._files = DailyFiles(
            settings.folder,
            settings.name,
            _encoded([list(self._table.columns)]),
            most_bytes=settings.most_mib * _MIB,
            at=at,
        )
        self._aside = Aside()
        self._places: dict[str, int] = {}
        self._kept_s = 0.0

    async def __aenter__(self) -> Self:
        await self._aside.do(self._files.open)
        self._places = dict(self._files.stand.places)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None:
        try:
            if error is None:
                await self._aside.do(self._files.append, b"", self._places, 0)
        finally:
            if not self._aside.is_at_work:
                self._files.close()

    def place(self, stretch: str) -> int | None:
        """Return where a stretch of the log goes on: for ``DerivedFeed``, which gives nothing before it."""
        return self._places.get(stretch)

    async def store(self, batch: Derived) -> int:
        rows, records = self._table.rows(batch)
        if self._is_stored(batch):
            return records
        places = {**self._places, **batch.places}
        now_s = asyncio.get_running_loop().time()
        if rows or now_s - self._kept_s > _REST_S:
            await self._aside.do(self._append, rows, places)
            self._kept_s = now_s
        self._places = places
        return records

    def _is_stored(self, batch: Derived) -> bool:
        """Say whether all of ``batch`` was stored before."""
        return bool(batch.places) and all(self._places.get(each, 0) >= end for each, end in batch.places.items())

    def _append(self, rows: Sequence[Cells], places: dict[str, int]) -> None:
        self._files.append(_encoded(rows), places, self._clock.now_us())


def _encoded(rows: Sequence[Cells]) -> bytes:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue().encode("utf-8", "replace")
