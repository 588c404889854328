"""Ids that were seen, of as many letters as a topic may hold, in bounded memory.

A set of Python grows by 150 bytes with each id: 150 MB where a flood has left a million letters. A database of SQLite
without a name keeps 8 MB in memory and the rest in a file that nobody else sees and that goes with it
(https://www.sqlite.org/inmemorydb.html, "Temporary Databases").
"""

import sqlite3
from hashlib import blake2b
from types import TracebackType
from typing import Self

from application.errors import Unavailable

_CACHE_KIB = 8_192
_DIGEST_BYTES = 16
"""Two of a million letters would be taken for one with a probability of 1e6² / 2^129 = 1.5e-27."""


class KnownIds:
    """A set of ids; a context manager."""

    def __init__(self) -> None:
        self._database = sqlite3.connect("", isolation_level=None)
        self._database.execute(f"PRAGMA cache_size = -{_CACHE_KIB}")
        for setting in ("journal_mode = OFF", "synchronous = OFF", "locking_mode = EXCLUSIVE"):
            self._database.execute(f"PRAGMA {setting}")
        self._database.execute("CREATE TABLE ids (id BLOB PRIMARY KEY) WITHOUT ROWID")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._database.close()

    def add(self, known: str) -> bool:
        """Take an id in; say whether it is new.

        Raises:
            Unavailable: there is no room for it on the disk.
        """
        try:
            return self._database.execute("INSERT OR IGNORE INTO ids VALUES (?)", (_digest(known),)).rowcount == 1
        except sqlite3.OperationalError as error:
            raise Unavailable(f"ids of dead letters find no room where temporary files are: {error}") from error


def _digest(known: str) -> bytes:
    return blake2b(known.encode(), digest_size=_DIGEST_BYTES).digest()
