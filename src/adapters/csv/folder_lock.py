"""One process a connector's folder: a lock that the system takes back when its process ends, however it ends."""

import os
from pathlib import Path

from adapters.csv.durable import translated
from adapters.system.file_lock import locked
from application.errors import Refused

_FREE = -1


class FolderLock:
    """Held from ``acquire`` to ``release``, or to the end of the process; the file stays."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._descriptor = _FREE

    def acquire(self) -> None:
        """Take the lock.

        Raises:
            Refused: another process has it, or the folder is not ours to write.
            Unavailable: the folder cannot be written now.
        """
        folder = self._path.parent
        with translated(folder):
            if not folder.is_dir():
                message = f"{folder}: there is no such folder: make it, mount its share, or correct the connector"
                raise Refused(message, folder=str(folder))
        with translated(self._path):
            try:
                self._descriptor = locked(self._path, 0o640)
            except BlockingIOError:
                raise Refused(
                    f"another process works on {folder} under this name ({self._path.name}): end it, or"
                    " give this connector another name or folder",
                    folder=str(folder),
                ) from None

    def release(self) -> None:
        """Give the lock back, if we have it."""
        if self._descriptor != _FREE:
            os.close(self._descriptor)
            self._descriptor = _FREE
