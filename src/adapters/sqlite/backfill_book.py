"""What backfill remembers, in a file of its own: a command writes into it too, while the platform runs.

Both write a row now and then; the other one waits for a moment.
"""

from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

import msgspec

from adapters.sqlite.file import SqliteFile
from adapters.sqlite.schema import Schema
from application.errors import WrongShape
from application.ports.backfill_book import Entry

BACKFILL = Schema(
    application_id=0x5374_6662,  # "Stfb"
    version=1,
    page_bytes=4_096,
    # body: JSON.
    tables=("CREATE TABLE entries (key TEXT PRIMARY KEY, written_us INTEGER NOT NULL, body TEXT NOT NULL)",),
)
_PUT = """INSERT INTO entries VALUES (?, ?, ?) ON CONFLICT (key) DO UPDATE
    SET written_us = excluded.written_us, body = excluded.body WHERE excluded.written_us >= written_us"""

_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(Entry).decode


class SqliteBackfillBook:
    """Open between ``async with``."""

    def __init__(self, folder: Path, *, read_only: bool = False) -> None:
        self._file = SqliteFile(folder / "backfill.db", BACKFILL, read_only=read_only)

    async def __aenter__(self) -> Self:
        """Open the file.

        Raises:
            Unavailable, WrongShape, Refused: as ``SqliteFile``.
        """
        self._file.open()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()

    async def put(self, entries: Sequence[Entry]) -> None:
        if not entries:
            return
        rows = [(entry.key, entry.written_us, _encode(entry).decode()) for entry in entries]
        with self._file.writing() as connection:
            connection.executemany(_PUT, rows)

    async def forget(self, entries: Sequence[Entry]) -> None:
        if not entries:
            return
        with self._file.writing() as connection:
            connection.executemany("DELETE FROM entries WHERE key = ?", [(entry.key,) for entry in entries])

    async def entries(self) -> Sequence[Entry]:
        with self._file.reading() as connection:
            rows = connection.execute("SELECT body FROM entries ORDER BY key").fetchall()
        try:
            return [_decode(body) for (body,) in rows]
        except msgspec.MsgspecError as error:
            raise WrongShape(f"{self._file.path} holds what this version cannot read: {error}") from error
