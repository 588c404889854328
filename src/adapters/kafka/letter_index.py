"""Where the letters of a topic stand, and which of them wait: in bounded memory, newest first.

A database of SQLite without a name keeps 8 MB in memory and the rest in a file that nobody else sees and that goes with
it (https://www.sqlite.org/inmemorydb.html, "Temporary Databases"). It holds no messages: 100 bytes a letter.
"""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from types import TracebackType
from typing import Self

from adapters.kafka.records_at import Place
from application.errors import Unavailable
from application.ports.dead_letters import DeadLetter

_CACHE_KIB = 8_192
_TABLE = """CREATE TABLE letters (letter_id TEXT PRIMARY KEY, received_us INTEGER, partition INTEGER, offset INTEGER,
    bytes INTEGER, waits INTEGER) WITHOUT ROWID"""
_WAITS = "INSERT INTO letters VALUES (?, ?, ?, ?, ?, 1) ON CONFLICT DO NOTHING"
_SETTLED = "INSERT INTO letters VALUES (?, 0, 0, 0, 0, 0) ON CONFLICT DO UPDATE SET waits = 0"
_NEWEST = "SELECT partition, offset, bytes FROM letters WHERE waits ORDER BY received_us DESC, letter_id DESC"
_MOST = 5_000
_MOST_BYTES = 16_777_216
"""Of letters held at once: a jump to other records costs as much as a thousand of them."""


class LetterIndex:
    """The letters that wait, of all whose records were taken in; a context manager."""

    def __init__(self) -> None:
        self._database = sqlite3.connect("", isolation_level=None)
        for setting in (f"cache_size = -{_CACHE_KIB}", "journal_mode = OFF", "synchronous = OFF"):
            self._database.execute(f"PRAGMA {setting}")
        self._database.execute(_TABLE)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._database.close()

    def take(self, letter: DeadLetter, place: Place, size: int) -> None:
        """Take in a record; one that settles its letter counts whenever it comes.

        Raises:
            Unavailable: there is no room for it on the disk.
        """
        with _room():
            if letter.settled is not None:
                self._database.execute(_SETTLED, (letter.letter_id,))
            else:
                self._database.execute(_WAITS, (letter.letter_id, letter.received_us, *place, size))

    def newest_first(self) -> Iterator[Sequence[Place]]:
        """Yield where the letters stand that wait, as many at once as may be held."""
        some: list[Place] = []
        held = 0
        with _room():
            for partition, offset, size in self._database.execute(_NEWEST):
                if some and (len(some) == _MOST or held + size > _MOST_BYTES):
                    yield some
                    some, held = [], 0
                some.append((partition, offset))
                held += size
        if some:
            yield some


@contextmanager
def _room() -> Iterator[None]:
    try:
        yield
    except sqlite3.OperationalError as error:
        raise Unavailable(f"the index of dead letters finds no room where temporary files are: {error}") from error
