"""Records of ``__consumer_offsets``, and which of them make a window."""

from struct import pack

import pytest
from msgspec import Struct

from adapters.kafka.commit_windows import CommitWindows
from adapters.kafka.log_record import Headers
from adapters.kafka.offset_commits import commit_of, partition_of
from application.ports.group_progress import WINDOW, Commit


class Stored(Struct):
    """A record as it was read."""

    key: bytes | None
    value: bytes | None
    offset: int = 0
    timestamp: int = 0
    headers: Headers = ()


def text(value: str) -> bytes:
    return pack(">h", len(value.encode())) + value.encode()


KEY = pack(">h", 1) + text("grüppe") + text("uplinks") + pack(">i", 3)
VALUES = {
    0: pack(">hq", 0, 4_711) + text("meta") + pack(">q", 99),
    1: pack(">hq", 1, 4_711) + text("") + pack(">qq", 99, 100),
    2: pack(">hq", 2, 4_711) + text("meta") + pack(">q", 99),
    3: pack(">hqi", 3, 4_711, 5) + text("meta") + pack(">q", 99),
    4: pack(">hqi", 4, 4_711, 5) + b"\x05meta" + pack(">q", 99) + b"\x00",
}


@pytest.mark.parametrize("version", VALUES)
def test_a_commit_of_every_version_is_read(version: int) -> None:
    assert commit_of(Stored(KEY, VALUES[version])) == ("grüppe", "uplinks", 3, Commit(4_711, 99))


def test_a_deleted_commit_is_one_without_position() -> None:
    assert commit_of(Stored(KEY, None)) == ("grüppe", "uplinks", 3, None)


@pytest.mark.parametrize("key", [None, b"", b"\x00", pack(">h", 2) + text("grüppe"), pack(">h", 1) + text("g")])
def test_what_is_about_something_else_is_no_commit(key: bytes | None) -> None:
    assert commit_of(Stored(key, VALUES[3])) is None


def test_a_commit_that_is_cut_short_is_none() -> None:
    assert commit_of(Stored(KEY, VALUES[4][:14])) is None


@pytest.mark.parametrize(
    "group, partition",
    # Hash codes: 97; 99,162,322; the least there is, whose absolute value is none; 207,022,353.
    [("a", 47), ("hello", 22), ("polygenelubricants", 0), ("goodbye", 3)],
)
def test_a_group_has_its_partition_by_the_hash_that_java_knows(group: str, partition: int) -> None:
    assert partition_of(group, 50) == partition


def test_of_commits_within_a_second_the_newest_stands_for_all() -> None:
    windows = CommitWindows()
    for ms in range(0, 2_500, 20):
        windows.add("uplinks", 0, Commit(ms, ms))
    assert [each.offset for each in windows.newest()["uplinks", 0]] == [980, 1_980, 2_480]


def test_a_window_keeps_the_newest_ten() -> None:
    windows = CommitWindows()
    for second in range(13):
        assert windows.is_full("uplinks", 0) is (second >= WINDOW)
        windows.add("uplinks", 0, Commit(second, second * 1_000))
    assert [each.offset for each in windows.newest()["uplinks", 0]] == list(range(3, 13))


def test_deleted_commits_are_forgotten() -> None:
    windows = CommitWindows()
    windows.add("uplinks", 0, Commit(1, 0))
    windows.add("uplinks", 0, None)
    assert not windows.newest()
