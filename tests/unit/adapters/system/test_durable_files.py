"""A file written whole is durable under its name, and a failure leaves what was there."""

import errno
import os
import stat
from pathlib import Path

import pytest

from adapters.system.durable_files import write_whole


def test_the_new_content_stands_alone_in_the_place_of_the_old(tmp_path: Path) -> None:
    path = tmp_path / "kept.json"
    write_whole(path, b"old, and longer")
    write_whole(path, b"new")
    assert path.read_bytes() == b"new"
    assert list(tmp_path.iterdir()) == [path]


def test_content_is_synced_before_it_has_the_name_and_the_name_after(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "kept.json"
    path.write_bytes(b"old")
    synced: list[tuple[str, bytes]] = []

    def note(descriptor: int) -> None:
        synced.append(("folder" if stat.S_ISDIR(os.fstat(descriptor).st_mode) else "file", path.read_bytes()))

    monkeypatch.setattr(os, "fsync", note)
    write_whole(path, b"new")
    assert synced == [("file", b"old"), ("folder", b"new")]


def test_a_disk_that_is_full_leaves_the_old_content_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "kept.json"
    path.write_bytes(b"old")

    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space left"):
        write_whole(path, b"new")
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]
