"""A file that only grows, and of which a known length counts: what lies beyond it was never said to be there."""

import os
from pathlib import Path

from adapters.csv.durable import translated
from adapters.system.durable_files import sync_folder
from application.errors import WrongShape

_CLOSED = -1


class KeptFile:
    """Cut to the length that counts when it is opened, which the first ``append`` does."""

    def __init__(self, path: Path, length: int) -> None:
        self.path = path
        self.length = length
        """Bytes that count, if the caller keeps this number."""
        self._descriptor = _CLOSED

    @property
    def is_in_place(self) -> bool:
        """Whether what is open is what stands under its name; a file that is not open is, as far as we know."""
        if self._descriptor == _CLOSED:
            return True
        with translated(self.path):
            try:
                return os.path.samestat(os.fstat(self._descriptor), self.path.stat())
            except FileNotFoundError:
                return False

    def append(self, content: bytes) -> None:
        """Add ``content``, durably; after an error no more counts than before.

        Raises:
            Unavailable: the disk is full or broken.
            Refused: the file is not ours to write.
            WrongShape: it is shorter than what counts of it: somebody cut it.
        """
        with translated(self.path):
            try:
                descriptor = self._opened()
                rest = memoryview(content)
                while rest:
                    rest = rest[os.write(descriptor, rest) :]
                os.fsync(descriptor)
            except BaseException:
                self.close()  # opened again, it is cut to what counts
                raise
        self.length += len(content)

    def cut(self) -> None:
        """Cut away what does not count.

        Raises:
            Unavailable, Refused, WrongShape: as ``append``.
        """
        with translated(self.path):
            try:
                self._opened()
            except BaseException:
                self.close()
                raise

    def close(self) -> None:
        """Close the file; ``append`` opens it again."""
        if self._descriptor != _CLOSED:
            descriptor, self._descriptor = self._descriptor, _CLOSED
            with translated(self.path):
                os.close(descriptor)

    def _opened(self) -> int:
        if self._descriptor == _CLOSED:
            is_new = not self.path.exists()
            self._descriptor = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o640)
            if is_new:
                sync_folder(self.path.parent)
            size = os.fstat(self._descriptor).st_size
            if size < self.length:
                raise WrongShape(
                    f"{self.path} has {size} bytes where {self.length} were written: restore it, or move it away",
                    path=str(self.path),
                )
            os.ftruncate(self._descriptor, self.length)
        return self._descriptor
