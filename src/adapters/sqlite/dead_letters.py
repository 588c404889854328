"""The dead letters in SQLite."""

import sqlite3
from collections.abc import AsyncIterator, Callable, Sequence

import msgspec

from adapters.sqlite.database import SqliteDatabase
from application.errors import NotFound
from application.ports.dead_letters import DeadLetter, Settlement, without_bytes

_ADD = """INSERT INTO dead_letters VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT DO NOTHING"""
_SETTLE = """UPDATE dead_letters SET body = x'', payload = x'', settled_us = ?, settled = ?
    WHERE letter_id = ? AND settled_us = 0"""
_GET = "SELECT * FROM dead_letters WHERE letter_id = ?"
_NEWEST = "SELECT * FROM dead_letters WHERE settled_us = 0 ORDER BY received_us DESC, letter_id DESC LIMIT ?"
_NEWEST_OF_REASON = """SELECT * FROM dead_letters WHERE settled_us = 0 AND reason = ?
    ORDER BY received_us DESC, letter_id DESC LIMIT ?"""
_WAITING = """SELECT * FROM dead_letters WHERE settled_us = 0 AND (received_us, letter_id) > (?, ?)
    ORDER BY received_us, letter_id LIMIT ?"""
_NEWEST_BEFORE = """SELECT * FROM dead_letters WHERE settled_us = 0 AND (received_us, letter_id) < (?, ?)
    ORDER BY received_us DESC, letter_id DESC LIMIT ?"""
_SETTLED = "SELECT * FROM dead_letters WHERE settled_us > 0 ORDER BY settled_us DESC, received_us DESC LIMIT ?"
_SETTLED_OF_REASON = """SELECT * FROM dead_letters WHERE settled_us > 0 AND reason = ?
    ORDER BY settled_us DESC, received_us DESC LIMIT ?"""
_AT_ONCE = 500

_Row = tuple[
    str, str, str, str, str, str, str, int, bytes, str, str, str, bytes, str, int, str | None
]  # as in the table
_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(Settlement).decode


def write_letters(connection: sqlite3.Connection, letters: Sequence[DeadLetter]) -> None:
    """Keep ``letters`` within the caller's transaction; one that is known is kept once."""
    connection.executemany(_ADD, [_row(letter) for letter in letters])


class SqliteDeadLetters:
    """One row a letter; each call of ``add`` and ``settle`` is one transaction."""

    def __init__(self, database: SqliteDatabase) -> None:
        self._file = database.results

    async def add(self, letters: Sequence[DeadLetter]) -> None:
        with self._file.writing() as connection:
            write_letters(connection, letters)

    async def list(self, *, reason: str = "", limit: int = 100) -> Sequence[DeadLetter]:
        return self._found(_NEWEST_OF_REASON, reason, limit) if reason else self._found(_NEWEST, limit)

    async def waiting(self) -> AsyncIterator[DeadLetter]:
        after: tuple[int, str] = (-(2**62), "")
        while found := self._found(_WAITING, *after, _AT_ONCE):
            for letter in found:
                yield letter
            after = found[-1].received_us, found[-1].letter_id

    async def chosen(self, takes: Callable[[DeadLetter], bool]) -> AsyncIterator[DeadLetter]:
        before: tuple[int, str] = (2**62, "")
        while found := self._found(_NEWEST_BEFORE, *before, _AT_ONCE):
            for letter in filter(takes, found):
                yield letter
            before = found[-1].received_us, found[-1].letter_id

    async def settled(self, *, reason: str = "", limit: int = 100) -> Sequence[DeadLetter]:
        return self._found(_SETTLED_OF_REASON, reason, limit) if reason else self._found(_SETTLED, limit)

    async def settle(self, letters: Sequence[DeadLetter]) -> None:
        with self._file.writing() as connection:
            # One that was never added here is kept as it is settled.
            write_letters(connection, [without_bytes(letter) for letter in letters])
            connection.executemany(_SETTLE, [(*_row(letter)[-2:], letter.letter_id) for letter in letters])

    async def get(self, letter_id: str) -> DeadLetter:
        found = self._found(_GET, letter_id)
        if not found:
            raise NotFound(f"no dead letter {letter_id!r} is kept", letter_id=letter_id)
        return found[0]

    def _found(self, query: str, *values: str | int) -> Sequence[DeadLetter]:
        with self._file.reading() as connection:
            rows: Sequence[_Row] = connection.execute(query, values).fetchall()
        return [_letter(row) for row in rows]


def _letter(row: _Row) -> DeadLetter:
    settled = row[-1]
    return DeadLetter(*row[:14], settled=_decode(settled) if settled else None)


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
        letter.data_class,
        letter.settled.settled_us if letter.settled is not None else 0,
        _encode(letter.settled).decode() if letter.settled is not None else None,
    )
