"""One instance a folder: a lock that the system takes back when its process ends, however it ends."""

import os
from pathlib import Path

from adapters.sqlite.failure import translated
from adapters.system.file_lock import locked
from application.errors import Refused

_FILE = "lock"


class InstanceLock:
    """Held from ``acquire`` to ``release``, or to the end of the process."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._path = folder / _FILE
        self._descriptor = -1

    def acquire(self) -> None:
        """Take the lock and write our process id into it, for whoever comes second.

        Raises:
            Refused: another instance has it.
            Unavailable: the folder cannot be written.
        """
        with translated(self._path):
            try:
                self._descriptor = locked(self._path, 0o644)
            except BlockingIOError:
                owner = self._path.read_text(encoding="ascii").strip()
                raise Refused(
                    f"another stadtfunk (pid {owner}) uses folder {self._folder}: end it, or name another folder",
                    folder=str(self._folder),
                    pid=owner,
                ) from None
            os.ftruncate(self._descriptor, 0)
            os.write(self._descriptor, f"{os.getpid()}\n".encode())

    def release(self) -> None:
        """Give the lock back, if we have it."""
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1
