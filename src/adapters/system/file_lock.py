"""Files that one process has for itself: a lock that the system takes back when its process ends, however it ends."""

import fcntl
import os
from pathlib import Path


def locked(path: Path, mode: int) -> int:
    """Lock the file at ``path``, made with ``mode`` where it is not there; return what to close to give it back.

    Raises:
        BlockingIOError: another has it.
        OSError: it cannot be opened, or its file system knows no locks.
    """
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, mode)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BaseException:
        os.close(descriptor)
        raise
    return descriptor
