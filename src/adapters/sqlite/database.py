"""The folder of the embedded platform: its files, the lock on them, and what is not yet in its tables."""

from pathlib import Path
from types import TracebackType
from typing import Self

from adapters.sqlite.failure import translated
from adapters.sqlite.file import SqliteFile
from adapters.sqlite.instance_lock import InstanceLock
from adapters.sqlite.journal import stored_journal
from adapters.sqlite.schema import REGISTRY, RESULTS, UPLINKS
from adapters.sqlite.unsettled import Unsettled

_POSITION = "SELECT coalesce(max(next_offset), 0), coalesce(max(replay_from), 0) FROM position"


class SqliteDatabase:
    """Open between ``async with``; every SQLite adapter of a process shares one.

    Args:
        folder: made if it is not there.
        read_only: look at the folder, also while the platform runs in it; what is not yet in its tables is seen as
            it was at opening.
    """

    def __init__(self, folder: Path, *, read_only: bool = False) -> None:
        self.folder = folder
        self.uplinks = SqliteFile(folder / "uplinks.db", UPLINKS, read_only=read_only)
        self.results = SqliteFile(folder / "stadtfunk.db", RESULTS, read_only=read_only)
        self.registry = SqliteFile(folder / "registry.db", REGISTRY, read_only=read_only)
        self.unsettled = Unsettled()
        self.needed_from = 0
        """First offset of the uplink log that a restart would read: nothing from there on may be removed."""
        self.is_replaying = False
        """Whether a kill left states behind what was committed: the log is still read again."""
        self._read_only = read_only
        self._lock = InstanceLock(folder)

    async def __aenter__(self) -> Self:
        """Open the files.

        Raises:
            Refused: another instance works in the folder; or there is nothing to read in it.
            Unavailable: the folder cannot be read or written.
            WrongShape: a file is damaged, foreign, or of another version.
        """
        try:
            self._open()
        except BaseException:
            self._close()
            raise
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the files; what was committed is durable already."""
        self._close()

    def _open(self) -> None:
        if not self._read_only:
            with translated(self.folder):
                # Raw messages and the registry may hold keys of devices.
                self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._lock.acquire()
        self.uplinks.open()
        self.results.open()
        self.registry.open()
        with self.results.reading() as connection:
            next_offset, self.needed_from = connection.execute(_POSITION).fetchone()
            for rows in stored_journal(connection):
                self.unsettled.take_observations(rows)
        self.is_replaying = not self._read_only and self.needed_from < next_offset

    def _close(self) -> None:
        self.registry.close()
        self.results.close()
        self.uplinks.close()
        self._lock.release()
