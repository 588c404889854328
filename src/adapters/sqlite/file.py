"""One SQLite file: opened as we need it, and never an error of the library's own out of it."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from adapters.sqlite.failure import translated
from adapters.sqlite.schema import Schema, check, create, is_new
from application.errors import Refused

_BUSY_S = 1.0
"""How long a write waits for another program's lock: the event loop stands still for as long."""
_CACHE_KIB = 64_000
"""64 MB: the inner pages and the newest leaves of a table of 10 million rows."""
_CHECKPOINT_BYTES = 8_000_000
"""The write-ahead log is carried over each 8 MB: 10 to 20 ms of work at once."""
_LONGEST_WAL_BYTES = 64_000_000


class SqliteFile:
    """A file of one schema; transactions are short, whole and on the caller's thread."""

    def __init__(self, path: Path, schema: Schema, *, read_only: bool = False) -> None:
        self.path = path
        self._schema = schema
        self._read_only = read_only
        self._connection: sqlite3.Connection | None = None

    def open(self) -> None:
        """Open the file; make it, if it is not there.

        Raises:
            Unavailable: it cannot be opened, read or written.
            WrongShape: it is not ours, of another version, or damaged.
            Refused: it was to be read only, and is not there.
        """
        with translated(self.path):
            if self._read_only:
                self.check_there()
            self._connection = self._connected()
            try:
                self._prepare(self._connection)
            except BaseException:
                self.close()
                raise

    def check_there(self) -> None:
        """Return if the file has been made.

        Raises:
            Refused: it has not.
        """
        if not self.path.exists():
            raise Refused(
                f"{self.path.parent} holds no data of stadtfunk: name the folder that `stadtfunk run` writes",
                folder=str(self.path.parent),
            )

    def close(self) -> None:
        """Close the file; the last to close it leaves no write-ahead log behind."""
        if self._connection is not None:
            connection, self._connection = self._connection, None
            with translated(self.path):
                connection.close()

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """Give the connection for a few statements.

        Raises:
            Unavailable: the file cannot be read now.
        """
        with translated(self.path):
            yield self._opened()

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """Give the connection for one transaction, durable when the block ends; none of it when the block raises.

        Raises:
            Unavailable: the file cannot be written now.
        """
        with translated(self.path):
            connection = self._opened()
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield connection
                connection.execute("COMMIT")
            except BaseException:
                if connection.in_transaction:  # SQLite itself rolls back when the disk is full
                    connection.execute("ROLLBACK")
                raise

    def _connected(self) -> sqlite3.Connection:
        mode = "ro" if self._read_only else "rwc"
        return sqlite3.connect(
            f"{self.path.absolute().as_uri()}?mode={mode}", uri=True, isolation_level=None, timeout=_BUSY_S
        )

    def _prepare(self, connection: sqlite3.Connection) -> None:
        connection.execute(f"PRAGMA cache_size = -{_CACHE_KIB}")
        if not self._read_only:
            self._prepare_to_write(connection)
        check(connection, self._schema, self.path)

    def _prepare_to_write(self, connection: sqlite3.Connection) -> None:
        """Set what makes a commit durable; measured, FULL costs nothing beside NORMAL at 200 rows a commit."""
        if new := is_new(connection):
            connection.execute(f"PRAGMA page_size = {self._schema.page_bytes}")
        else:
            check(connection, self._schema, self.path)
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute(f"PRAGMA wal_autocheckpoint = {_CHECKPOINT_BYTES // self._schema.page_bytes}")
        connection.execute(f"PRAGMA journal_size_limit = {_LONGEST_WAL_BYTES}")
        if new:
            with self.writing():
                create(connection, self._schema)

    def _opened(self) -> sqlite3.Connection:
        if self._connection is None:
            raise RuntimeError(f"{self.path} is not open")
        return self._connection
