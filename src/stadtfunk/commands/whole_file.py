"""A file that a command writes: there whole, or as it was."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TextIO

from adapters.system.durable_files import sync_folder
from application.errors import Refused


@contextmanager
def whole_file(path: Path) -> Iterator[TextIO]:
    """Give a file to write, which takes the place of ``path`` once the block has ended well.

    It is written beside it, under a name of its own; a link stays one. What is no file (a pipe, a terminal) is written
    as it is.

    Raises:
        Refused: it cannot be written there; what was there is as it was.
        OSError: the disk is full, or broken; what was there is as it was.
    """
    if path.exists() and not path.is_file():
        with _opened(path, path) as out:
            yield out
        return
    target = path.resolve()
    fresh = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        with _opened(fresh, path) as out:
            yield out
            out.flush()
            os.fsync(out.fileno())
        _put(fresh, target)
    finally:
        with suppress(OSError):
            fresh.unlink(missing_ok=True)


def _opened(path: Path, named: Path) -> TextIO:
    """Return the file ``path``; whoever asked for it knows it as ``named``."""
    try:
        return path.open("w", encoding="utf-8", newline="")
    except OSError as error:
        raise Refused(f"{named}: {error.strerror}", file=str(named)) from None


def _put(fresh: Path, target: Path) -> None:
    """Put ``fresh`` in the place of ``target``, for those who could read that."""
    if target.exists():
        shutil.copymode(target, fresh)
    fresh.replace(target)
    sync_folder(target.parent)
