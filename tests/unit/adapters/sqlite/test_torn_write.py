"""A power cut in the middle of a write: the file opens, and holds everything up to the last whole commit."""

import shutil
from collections.abc import Sequence
from pathlib import Path
from random import Random

import pytest

from adapters.sqlite.checkpoint import SqliteCheckpoint
from adapters.sqlite.uplink_log import SqliteUplinkLog
from application.ports.uplink_log import RawUplink
from tests.contract.checkpoint import process
from tests.contract.stream import a_stream, expected
from tests.contract.uplink_log import message
from tests.support.builders import a_raw_uplink
from tests.unit.adapters.sqlite.folder import logged, opened, stored_results

APPENDS = [[message(10 * turn + number) for number in range(10)] for turn in range(8)]


async def record(folder: Path) -> list[int]:
    """Append all of ``APPENDS`` and leave the files as a power cut would; return where each ended in the WAL."""
    ends: list[int] = []
    async with opened(folder / "live") as database:
        log = SqliteUplinkLog(database)
        for uplinks in APPENDS:
            await log.append(uplinks)
            ends.append(size(folder / "live" / "uplinks.db-wal"))
        shutil.copytree(folder / "live", folder / "cut", ignore=shutil.ignore_patterns("*-shm", "lock"))
    return ends


def size(path: Path) -> int:
    """Return the length of a file."""
    return path.stat().st_size


def copied(folder: Path, wal: bytes, name: str = "uplinks.db") -> Path:
    """Return a copy of what the power cut left, with ``wal`` as far as it reached the disk."""
    shutil.rmtree(folder / "again", ignore_errors=True)
    shutil.copytree(folder / "cut", folder / "again")
    (folder / "again" / f"{name}-wal").write_bytes(wal)
    return folder / "again"


def whole(ends: Sequence[int], cut: int) -> list[RawUplink]:
    """Return what was appended by the commits that are whole within ``cut`` bytes."""
    return [uplink for end, uplinks in zip(ends, APPENDS, strict=True) if end <= cut for uplink in uplinks]


async def held(folder: Path) -> list[RawUplink]:
    """Return what the log of ``folder`` holds, after one more append that must find its place."""
    async with opened(folder) as database:
        found = await logged(database)
        await SqliteUplinkLog(database).append([message(999)])
        assert await logged(database) == [*found, message(999)]
    return found


async def test_a_log_cut_anywhere_holds_every_whole_commit(tmp_path: Path) -> None:
    ends = await record(tmp_path)
    wal = (tmp_path / "cut" / "uplinks.db-wal").read_bytes()
    near_ends = [end + step for end in ends for step in (-1, 0, 1)]
    cuts = sorted({0, 1, 31, 32, 33, *near_ends, *(Random(1).randrange(len(wal)) for _ in range(40))})
    first = next(cut for cut in cuts if whole(ends, cut))
    for cut in cuts:
        if cut >= first:
            assert await held(copied(tmp_path, wal[:cut])) == whole(ends, cut), f"cut at {cut} of {len(wal)}"


async def test_a_log_whose_tables_were_not_yet_whole_starts_empty(tmp_path: Path) -> None:
    ends = await record(tmp_path)
    wal = (tmp_path / "cut" / "uplinks.db-wal").read_bytes()
    for cut in (0, 100, ends[0] // 8):
        assert await held(copied(tmp_path, wal[:cut])) == []


async def test_bytes_that_never_reached_the_disk_end_the_log_there(tmp_path: Path) -> None:
    ends = await record(tmp_path)
    wal = (tmp_path / "cut" / "uplinks.db-wal").read_bytes()
    for turn in range(1, len(ends)):
        hole = Random(turn).randrange(ends[turn - 1], ends[turn] - 512)
        torn = wal[:hole] + bytes(512) + wal[hole + 512 :]
        if torn != wal:
            assert await held(copied(tmp_path, torn)) == whole(ends, ends[turn - 1])


@pytest.mark.parametrize("generation_most", [20, 10**9])
async def test_results_cut_anywhere_are_computed_again(tmp_path: Path, generation_most: int) -> None:
    stream = a_stream(200)
    async with opened(tmp_path / "live") as database:
        await SqliteUplinkLog(database).append([a_raw_uplink()] * 200)
        await process(SqliteCheckpoint(database, generation_most=generation_most), stream)
        shutil.copytree(tmp_path / "live", tmp_path / "cut", ignore=shutil.ignore_patterns("*-shm", "lock"))
    wal = (tmp_path / "cut" / "stadtfunk.db-wal").read_bytes()
    wanted, wanted_memory = expected(stream)
    for cut in sorted(Random(2).randrange(len(wal)) for _ in range(25)):
        async with opened(copied(tmp_path, wal[:cut], "stadtfunk.db")) as database:
            memory = await process(SqliteCheckpoint(database, generation_most=generation_most), stream)
            assert memory == wanted_memory
            assert await stored_results(database) == wanted
