"""The dead letters in SQLite."""

import sqlite3
from collections.abc import Sequence

from adapters.sqlite.database import SqliteDatabase
from application.errors import NotFound
from application.ports.dead_letters import DeadLetter

_ADD = "INSERT INTO dead_letters VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING"
_GET = "SELECT * FROM dead_letters WHERE letter_id = ?"
_NEWEST = "SELECT * FROM dead_letters ORDER BY received_us DESC, letter_id DESC LIMIT ?"
_NEWEST_OF_REASON = """SELECT * FROM dead_letters WHERE reason = ?
    ORDER BY received_us DESC, letter_id DESC LIMIT ?"""

_Row = tuple[str, str, str, str, str, str, str, int, bytes, str, str, str, bytes]


def write_letters(connection: sqlite3.Connection, letters: Sequence[DeadLetter]) -> None:
    """Keep ``letters`` within the caller's transaction; one that is known is kept once."""
    connection.executemany(_ADD, [_row(letter) for letter in letters])


class SqliteDeadLetters:
    """One row a letter; each call of ``add`` is one transaction."""

    def __init__(self, database: SqliteDatabase) -> None:
        self._file = database.results

    async def add(self, letters: Sequence[DeadLetter]) -> None:
        with self._file.writing() as connection:
            write_letters(connection, letters)

    async def list(self, *, reason: str = "", limit: int = 100) -> Sequence[DeadLetter]:
        with self._file.reading() as connection:
            if reason:
                rows = connection.execute(_NEWEST_OF_REASON, (reason, limit)).fetchall()
            else:
                rows = connection.execute(_NEWEST, (limit,)).fetchall()
        return [DeadLetter(*row) for row in rows]

    async def get(self, letter_id: str) -> DeadLetter:
        with self._file.reading() as connection:
            found = connection.execute(_GET, (letter_id,)).fetchone()
        if found is None:
            raise NotFound(f"no dead letter {letter_id!r} is kept", letter_id=letter_id)
        return DeadLetter(*found)


def _row(letter: DeadLetter) -> _Row:
    return (
        letter.letter_id,
        letter.reason,
        letter.stage,
        letter.detail,
        letter.origin,
        letter.source,
        letter.topic,
        letter.received_us,
        letter.body,
        letter.dev_eui,
        letter.device_type,
        letter.decoder,
        letter.payload,
    )
