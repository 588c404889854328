"""What the system says of files, in our words."""

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from adapters.system import durable_files
from application.errors import ApplicationError, Refused, Unavailable

_NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
_NOT_OURS = frozenset({errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOENT, errno.ENOTDIR, errno.EISDIR})


@contextmanager
def translated(path: Path) -> Iterator[None]:
    """Let no error of the system out while ``path`` is worked on.

    Raises:
        Unavailable: the disk is full or reports an error; what was not yet durable is as if never begun.
        Refused: the path is not there, or not ours to write.
    """
    try:
        yield
    except OSError as error:
        raise _in_our_words(path, error) from error


def write_whole(path: Path, content: bytes) -> None:
    """Put ``content`` in the place of what ``path`` held; when this returns, it is durable.

    Raises:
        Unavailable, Refused: it cannot be written; what stands there is whole all the same.
    """
    with translated(path):
        durable_files.write_whole(path, content)


def _in_our_words(path: Path, error: OSError) -> ApplicationError:
    name = errno.errorcode.get(error.errno or 0, "unknown")
    said = f"{path}: {error.strerror} ({name})"
    if error.errno in _NO_ROOM:
        return Unavailable(f"{said}: free space there; nothing is lost, work goes on where it stopped", path=str(path))
    if error.errno in _NOT_OURS:
        return Refused(f"{said}: see that it exists, and that this user may read and write it", path=str(path))
    return Unavailable(f"{said}: see the system's log", path=str(path))
