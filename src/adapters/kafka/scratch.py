"""What the desk remembers of a topic while it reads it whole: in bounded memory, and gone with it.

A database of SQLite without a name keeps 8 MB in memory and the rest in a file that nobody else sees and that goes with
it (https://www.sqlite.org/inmemorydb.html, "Temporary Databases"). The file lies in the folder that SQLITE_TMPDIR or
TMPDIR names, else in /var/tmp or /tmp (https://www.sqlite.org/tempfiles.html, section 5).
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import Self

from application.errors import Unavailable

_CACHE_KIB = 8_192
Value = int | str | bytes


class Scratch:
    """A table; a context manager."""

    def __init__(self, table: str) -> None:
        """Make the table that the statement ``table`` describes."""
        self._database = sqlite3.connect("", isolation_level=None)
        for setting in (f"cache_size = -{_CACHE_KIB}", "journal_mode = OFF", "synchronous = OFF"):
            self._database.execute(f"PRAGMA {setting}")
        self._database.execute(table)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._database.close()

    def _change(self, statement: str, *values: Value) -> int:
        """Change rows, and return how many those were.

        Raises:
            Unavailable: there is no room for them on the disk.
        """
        with _room():
            return self._database.execute(statement, values).rowcount

    def _rows(self, statement: str) -> Iterator[tuple[int, ...]]:
        """Yield rows of numbers.

        Raises:
            Unavailable: there is no room on the disk to sort them.
        """
        with _room():
            yield from self._database.execute(statement)


@contextmanager
def _room() -> Iterator[None]:
    try:
        yield
    except sqlite3.OperationalError as error:
        text = "what is noted of dead letters finds no room where temporary files are"
        raise Unavailable(f"{text}: {error}; make room, or name another folder in SQLITE_TMPDIR") from error
