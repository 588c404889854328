"""The journal: observations of whole batches, durable with their batch and not yet in their table."""

import sqlite3
from collections.abc import Sequence

import msgspec

from adapters.sqlite.observation_row import Row
from adapters.sqlite.unsettled import Unsettled

_FORGOTTEN_AT_ONCE = 4
"""Entries: four times as many as a commit adds."""
_FORGET = """DELETE FROM journal WHERE id <= min(?, (SELECT min(id) FROM journal) + ? - 1)
    AND id < (SELECT max(id) FROM journal)"""
"""The newest entry stays: SQLite numbers the rows of an empty table from 1, and what came next would be taken for what
is settled."""

_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(list[Row]).decode


def write_journal(connection: sqlite3.Connection, rows: Sequence[Row]) -> None:
    """Keep ``rows`` as one entry, within the caller's transaction."""
    if rows:
        connection.execute("INSERT INTO journal (body) VALUES (?)", (_encode(rows),))


def journal_end(connection: sqlite3.Connection) -> int:
    """Return the number of the newest entry."""
    [newest] = connection.execute("SELECT max(id) FROM journal").fetchone()
    return newest or 0


def forget_journal(connection: sqlite3.Connection, through: int) -> None:
    """Remove the oldest entries up to ``through``, which are in their table; not all at once, to make no pause."""
    connection.execute(_FORGET, (through, _FORGOTTEN_AT_ONCE))


def load_journal(connection: sqlite3.Connection, unsettled: Unsettled) -> None:
    """Take up what an earlier process left in the journal."""
    for (body,) in connection.execute("SELECT body FROM journal ORDER BY id"):
        unsettled.take_rows(_decode(body))
