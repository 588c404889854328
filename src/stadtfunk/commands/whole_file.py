"""A file that a command writes: there whole, or as it was."""

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TextIO

from adapters.system.durable_files import sync_folder
from application.errors import Refused

_OF_NOBODY_YET = 0o666
"""As `open` makes a file: less what the umask says."""


@contextmanager
def whole_file(path: Path) -> Iterator[TextIO]:
    """Give a file to write, which takes the place of ``path`` once the block has ended well.

    It is written beside it, under a name of its own; a link stays one. Nobody may read it who could not read what was
    there. What is no file (a pipe, a terminal) is written as it is.

    Raises:
        Refused: it cannot be written there; what was there is as it was.
        OSError: the disk is full, or broken; what was there is as it was.
    """
    before = _found(path)
    if before is not None and not stat.S_ISREG(before.st_mode):
        with _opened(path) as out:
            yield out
        return
    target = path.resolve()
    fresh = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        with _made(fresh, path, before) as out:
            yield out
            out.flush()
            os.fsync(out.fileno())
        _put(fresh, target, before)
    finally:
        with suppress(OSError):
            fresh.unlink(missing_ok=True)


def _found(path: Path) -> os.stat_result | None:
    try:
        return path.stat()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise Refused(f"{path}: {error.strerror}", file=str(path)) from None


def _opened(path: Path) -> TextIO:
    try:
        return path.open("w", encoding="utf-8", newline="")
    except OSError as error:
        raise Refused(f"{path}: {error.strerror}", file=str(path)) from None


def _made(fresh: Path, path: Path, before: os.stat_result | None) -> TextIO:
    """Return the new file ``fresh``, not even now for others than could read that ``before``, at ``path``."""
    mode = _OF_NOBODY_YET if before is None else stat.S_IMODE(before.st_mode)
    try:
        fresh.unlink(missing_ok=True)  # of a process of the same number that was killed
        return open(fresh, "x", encoding="utf-8", newline="", opener=lambda name, flags: os.open(name, flags, mode))
    except OSError as error:
        where = "" if before is None else " where the new one is to be made, beside it"
        raise Refused(f"{path}: {error.strerror}{where}", file=str(path)) from None


def _put(fresh: Path, target: Path, before: os.stat_result | None) -> None:
    """Put ``fresh`` in the place of ``target``, for those who could read that: as far as we may, it is theirs too."""
    if before is not None:
        for owner, group in ((-1, before.st_gid), (before.st_uid, -1)):
            with suppress(PermissionError):
                os.chown(fresh, owner, group)
        fresh.chmod(stat.S_IMODE(before.st_mode))
    fresh.replace(target)
    sync_folder(target.parent)
