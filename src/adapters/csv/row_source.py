"""Files as a source of rows: each is worked through once, from where it was left.

A folder is looked at again and again, or a single file. A file that is whole is read some hundred rows at a time; how
far it is stored is remembered beside it, and at its end it moves to ``done/``, or is remembered where it stays. Killed
at any moment, at most the rows in hand are stored again, which says nothing new.
"""

import asyncio
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Literal, Self

from msgspec import Struct

from adapters.csv.file_in_hand import Chunk, FileInHand
from adapters.csv.on_thread import Aside
from adapters.csv.row_meaning import RowMeaning
from adapters.csv.work_folder import WorkFolder
from application.ports.connector import BadRow, Rows
from application.stopping import stopped_within

_NS_PER_US = 1_000


class CsvSourceSettings(Struct, frozen=True, kw_only=True):
    """What to read, and when."""

    name: str
    """The connector's: what is remembered of the folder stands under it, so it stays the same."""
    what: str
    """``readings``, or the kind of master data that the rows are."""
    path: Path
    """A folder; or a single file, which stays and is read again whenever it was changed."""
    pattern: str = "*.csv"
    """Of the names of files in the folder."""
    finished: Literal["move", "stay"] = "move"
    """What becomes of a file of the folder: it moves to ``done/``, or stays and is remembered."""
    settle_s: float = 10.0
    """A file that has not changed for so long is whole; 0 where writers rename those that are."""
    look_s: float = 10.0
    """Between two looks at the folder."""


class CsvRowSource:
    """Reads one file after the other, the oldest first; an async context manager."""

    def __init__(self, settings: CsvSourceSettings, folder: WorkFolder | None = None) -> None:
        self._look_s = settings.look_s
        self._meaning = RowMeaning(settings.what)
        self._folder = folder or WorkFolder(
            settings.path,
            settings.name,
            pattern=settings.pattern,
            stays=settings.finished == "stay",
            settle_s=settings.settle_s,
        )
        self._aside = Aside()
        self._stopped = asyncio.Event()
        self._file: FileInHand | None = None
        self._found_nothing = False

    async def __aenter__(self) -> Self:
        await self._aside.do(self._folder.open)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None:
        if not self._aside.is_at_work:
            self._close_file()
            self._folder.close()

    async def receive(self) -> Rows | None:
        if self._found_nothing:
            await stopped_within(self._stopped, self._look_s)
        if self._stopped.is_set():
            return None
        file = self._file = self._file or await self._aside.do(self._next_file)
        self._found_nothing = file is None or file.is_read
        if file is None or file.is_read:
            return Rows(())
        chunk = await self._aside.do(file.chunk)
        return Rows(chunk.rows, chunk, self._folder.waiting, file.known.stamp.mtime_ns // _NS_PER_US)

    async def acknowledge(self, rows: Rows, refused: Mapping[int, BadRow]) -> None:
        if isinstance(rows.token, Chunk) and self._file is not None:
            await self._aside.do(self._settle, self._file, rows.token, refused)

    def stop(self) -> None:
        self._stopped.set()

    def _next_file(self) -> FileInHand | None:
        found = self._folder.take()
        if found is None:
            return None
        file = FileInHand(*found, self._meaning)
        file.open()
        return file

    def _settle(self, file: FileInHand, chunk: Chunk, refused: Mapping[int, BadRow]) -> None:
        """Make durable that a chunk is stored."""
        known = file.settled(chunk, refused)
        if chunk.is_last:
            self._close_file()
            self._folder.finish(known)
        else:
            self._folder.keep(known)

    def _close_file(self) -> None:
        if self._file is not None:
            file, self._file = self._file, None
            file.close()
