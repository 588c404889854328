"""A file written whole is durable under its name, and a failure leaves what was there."""

import errno
import os
import stat
from contextlib import AbstractContextManager, nullcontext
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


@pytest.mark.parametrize("code,goes_on", [(errno.EINVAL, True), (errno.EBADF, True), (errno.EIO, False)])
def test_a_share_that_syncs_no_folders_can_be_written_and_a_broken_disk_cannot(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: int, goes_on: bool
) -> None:
    def sync(descriptor: int) -> None:
        if stat.S_ISDIR(os.fstat(descriptor).st_mode):
            raise OSError(code, os.strerror(code))

    monkeypatch.setattr(os, "fsync", sync)
    says: AbstractContextManager[object] = (
        nullcontext() if goes_on else pytest.raises(OSError, match=r"Input/output error")
    )
    with says:
        write_whole(tmp_path / "kept.json", b"new")
    assert (tmp_path / "kept.json").read_bytes() == b"new"
