"""A file is one process's until it gives it back."""

import errno
import fcntl
import os
from pathlib import Path

import pytest

from adapters.system.file_lock import locked


def test_a_file_is_nobody_elses_until_it_is_given_back(tmp_path: Path) -> None:
    ours = locked(tmp_path / "lock", 0o640)
    with pytest.raises(BlockingIOError):
        locked(tmp_path / "lock", 0o640)
    os.close(ours)
    os.close(locked(tmp_path / "lock", 0o640))


def test_a_file_that_cannot_be_locked_is_left_closed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def knows_no_locks(_: int, __: int) -> None:
        raise OSError(errno.ENOLCK, "No locks available")

    monkeypatch.setattr(fcntl, "flock", knows_no_locks)
    before = set(Path("/proc/self/fd").iterdir())
    with pytest.raises(OSError, match="No locks available"):
        locked(tmp_path / "lock", 0o640)
    assert set(Path("/proc/self/fd").iterdir()) == before
