"""One instance a folder: a lock that the system takes back when its process ends, however it ends."""

import fcntl
import os
from pathlib import Path

from adapters.sqlite.failure import translated
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
            descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                owner = os.read(descriptor, 20).decode().strip()
                os.close(descriptor)
                raise Refused(
                    f"another stadtfunk (pid {owner}) uses folder {self._folder}: end it, or name another folder",
                    folder=str(self._folder),
                    pid=owner,
                ) from None
            self._descriptor = descriptor
            os.ftruncate(descriptor, 0)
            os.write(descriptor, f"{os.getpid()}\n".encode())

    def release(self) -> None:
        """Give the lock back, if we have it."""
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1
