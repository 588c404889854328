"""Files that are there whole or not at all, whenever the machine stops."""

import errno
import os
from contextlib import suppress
from pathlib import Path

_NEVER_OF_FOLDERS = frozenset({errno.EINVAL, errno.EBADF})
"""What shares say that sync files only (fsync(2), EINVAL: "a special file which does not support synchronization");
PostgreSQL's ``fsync_fname`` goes on there as well."""


def write_whole(path: Path, content: bytes) -> None:
    """Put ``content`` in the place of what ``path`` held; when this returns, it is durable.

    Written beside it first, so that a kill leaves the old content or the new one; the folder is synced too, or a
    machine that stops may come back with the old name (fsync(2), Notes).

    Raises:
        OSError: it cannot be written. The old content is still there, or the new one, which may not outlive the
            machine: nothing between.
    """
    fresh = path.with_name(f"{path.name}.new")
    try:
        with fresh.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(path)
    except OSError:
        with suppress(OSError):
            fresh.unlink(missing_ok=True)
        raise
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Make durable which files ``folder`` has, where its file system knows how.

    Raises:
        OSError: it cannot be.
    """
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    except OSError as error:
        if error.errno not in _NEVER_OF_FOLDERS:
            raise
    finally:
        os.close(descriptor)
