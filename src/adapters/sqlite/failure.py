"""What SQLite and the file system report, in the application's words: which file, what happened, what helps."""

import errno
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from application.errors import ApplicationError, Unavailable, WrongShape

_PRIMARY = 0xFF
"""The lower byte of a result code is the primary code (sqlite.org/rescode.html)."""

_REMEDIES = {
    sqlite3.SQLITE_FULL: "the disk is full: free space on it; work goes on where it stopped",
    sqlite3.SQLITE_READONLY: "the file cannot be written: give this user the right to write it, or mount it writable",
    sqlite3.SQLITE_PERM: "the file cannot be written: give this user the right to write it",
    sqlite3.SQLITE_CANTOPEN: "the file cannot be opened: see that its folder exists and belongs to this user",
    sqlite3.SQLITE_IOERR: "the disk reports an error: see the system's log, free space or replace the disk",
    sqlite3.SQLITE_BUSY: "another program is writing it: end that program",
    sqlite3.SQLITE_LOCKED: "another program is writing it: end that program",
    sqlite3.SQLITE_NOMEM: "there is not enough memory",
}
_DAMAGED = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB})


@contextmanager
def translated(path: Path) -> Iterator[None]:
    """Let no error of SQLite or the system out while ``path`` is worked on.

    Raises:
        Unavailable: the file cannot be read or written now; what was not yet durable is as if never begun.
        WrongShape: the file is damaged, or no SQLite database.
    """
    try:
        yield
    except sqlite3.DatabaseError as error:
        if isinstance(error, sqlite3.ProgrammingError | sqlite3.IntegrityError):
            raise  # a bug of ours: it must not look like bad weather
        raise _of_sqlite(path, error) from error
    except OSError as error:
        raise unavailable(path, error) from error


def unavailable(path: Path, error: OSError) -> Unavailable:
    """Return what to say when the system refuses ``path``."""
    name = errno.errorcode.get(error.errno or 0, "unknown")
    return Unavailable(
        f"{path}: {error.strerror} ({name}): see that the folder exists, has room and belongs to this user",
        path=str(path),
        code=name,
    )


def _of_sqlite(path: Path, error: sqlite3.DatabaseError) -> ApplicationError:
    primary = error.sqlite_errorcode & _PRIMARY
    name = error.sqlite_errorname
    if primary in _DAMAGED:
        return WrongShape(
            f"{path}: {error} ({name}): restore it from the backup, or move it away", path=str(path), code=name
        )
    remedy = _REMEDIES.get(primary, "see the system's log")
    return Unavailable(f"{path}: {error} ({name}): {remedy}", path=str(path), code=name)
