"""One process a connector's folder: a lock that the system takes back when its process ends, however it ends."""

import fcntl
import os
from pathlib import Path

from adapters.csv.durable import translated
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
        with translated(self._path):
            descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o640)
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError as error:
                os.close(descriptor)
                if not isinstance(error, BlockingIOError):
                    raise
                raise Refused(
                    f"another process works on {self._path.parent} under this name ({self._path.name}): end it, or"
                    " give this connector another name or folder",
                    folder=str(self._path.parent),
                ) from None
            self._descriptor = descriptor

    def release(self) -> None:
        """Give the lock back, if we have it."""
        if self._descriptor != _FREE:
            os.close(self._descriptor)
            self._descriptor = _FREE
