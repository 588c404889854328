"""Which payload the worker is at: a number in memory that it shares with the platform, and that outlives it.

When the kernel ends the worker over a payload that took too long, the platform knows which one it was.
"""

import mmap
import os
from tempfile import TemporaryFile
from typing import Self

_BYTES = 4
NOWHERE = 2**32 - 1
"""No payload is in hand."""


class Progress:
    """The number, on either side."""

    def __init__(self, file: int) -> None:
        """Share the memory behind the descriptor ``file``, which may be closed then."""
        self._memory = mmap.mmap(file, _BYTES)

    @classmethod
    def created(cls) -> tuple[Self, int]:
        """Return a new one, and the descriptor that another process needs to share it."""
        if hasattr(os, "memfd_create"):
            file = os.memfd_create("progress", 0)
        else:
            with TemporaryFile() as temporary:
                file = os.dup(temporary.fileno())
        os.ftruncate(file, _BYTES)
        progress = cls(file)
        progress.at(NOWHERE)
        return progress, file

    def at(self, payload: int) -> None:
        """Say which payload of the question is in hand."""
        self._memory[:] = payload.to_bytes(_BYTES, "little")

    @property
    def payload(self) -> int | None:
        """Which payload of the question was in hand last; None: none."""
        number = int.from_bytes(self._memory[:], "little")
        return None if number == NOWHERE else number

    def close(self) -> None:
        """Let go of the memory."""
        self._memory.close()
