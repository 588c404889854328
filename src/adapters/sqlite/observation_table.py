"""Writing rows of observations: insert, and merge where the instant has a row already."""

import sqlite3
from collections.abc import Sequence

from adapters.sqlite.observation_row import Row, merged

_INSERT = "INSERT INTO observations VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING"
_SELECT = "SELECT * FROM observations WHERE dev_eui = ? AND event_ns = ?"
_REPLACE = "REPLACE INTO observations VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"


def write_rows(connection: sqlite3.Connection, rows: Sequence[Row]) -> None:
    """Store ``rows`` within the caller's transaction.

    An instant that has a row already is rare (a repeat after a restart, a correction), so it is looked for only when
    fewer rows went in than were given.
    """
    inserted = connection.executemany(_INSERT, rows).rowcount
    if inserted == len(rows):
        return
    for row in rows:
        stored: Row = connection.execute(_SELECT, row[:2]).fetchone()
        together = merged(stored, row)
        if together != stored:
            connection.execute(_REPLACE, together)
