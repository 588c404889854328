"""Writing rows of observations: insert, and merge where the instant has a row already."""

import sqlite3
from collections.abc import Sequence

from adapters.sqlite.observation_row import Row, merged

_AT_ONCE = 16
"""Rows that are inserted by one call. It says how many went in, not which: one known instant has all of them looked up,
5 µs each. In a city one in 150 is known."""

_INSERT = "INSERT INTO observations VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING"
_SELECT = "SELECT * FROM observations WHERE dev_eui = ? AND event_ns = ?"
_REPLACE = "REPLACE INTO observations VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"


def write_rows(connection: sqlite3.Connection, rows: Sequence[Row]) -> None:
    """Store ``rows`` within the caller's transaction.

    An instant that has a row already is rare (a repeat after a restart, a correction), so it is looked for only where
    fewer rows went in than were given.
    """
    for start in range(0, len(rows), _AT_ONCE):
        some = rows[start : start + _AT_ONCE]
        if connection.executemany(_INSERT, some).rowcount < len(some):
            _merge(connection, some)


def _merge(connection: sqlite3.Connection, rows: Sequence[Row]) -> None:
    """Merge ``rows``, all of whose instants have one, into the table."""
    for row in rows:
        stored: Row = connection.execute(_SELECT, row[:2]).fetchone()
        together = merged(stored, row)
        if together != stored:
            connection.execute(_REPLACE, together)
