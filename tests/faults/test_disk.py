"""The disk of the embedded platform is full; its last write is torn."""

import asyncio
import os
import random
import struct
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.test_full_disk import Disk
from tests.faults.experiment import Fault, experiment
from tests.faults.results import Results
from tests.faults.servers import Servers
from tests.faults.target import Target, embedded_target

pytestmark = [pytest.mark.faults, pytest.mark.timeout(1_200)]

_TO = "stadtfunk run"
_FULL_S = 60.0
_TORN = 8
_A_WHILE_S = (0.5, 2.0)
_WAL_HEADER, _FRAME_HEADER = 32, 24
_BACKFILLED = struct.Struct("<I")
_BACKFILLED_AT = 96
"""Frames of the write-ahead log that are in the file already: the number stands behind two headers of 48 bytes each in
the index (SQLite, "WAL-mode File Format", section 2)."""


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Disk]:
    """A disk that may become full without anybody else noticing."""
    folder = tmp_path / "disk"
    folder.mkdir()
    disk = Disk(folder)
    yield disk
    disk.unmount()


@pytest.fixture
def on_disk(tmp_path: Path, servers: Servers, disk: Disk) -> Iterator[Target]:
    """A platform that keeps its data there."""
    with embedded_target(tmp_path, servers, data=disk.folder / "data") as target:
        yield target


async def test_a_disk_is_full_and_has_room_again(on_disk: Target, disk: Disk, results: Results) -> None:
    process = on_disk["run"]
    async with experiment(on_disk, results, Fault("19", "the disk is full", _TO)) as run:
        process.is_down = True  # the supervisor leaves it to us
        disk.fill(process)
        assert await process.ended() == 69, process.said()
        assert "free space" in process.said().splitlines()[-1]
        process.start()  # and again
        if disk.is_mounted:
            assert await process.ended() == 69, process.said()
            disk.free()
            process.start()
        await run.goes_on()


async def test_the_last_writes_are_torn(embedded: Target, results: Results) -> None:
    chance, process, data = random.Random(_TORN), embedded["run"], embedded.folder / "data"
    fault = Fault("20", "kill -9, then results cut at any byte and rubbish after the raw log", _TO)
    async with experiment(embedded, results, fault) as run:
        for _ in range(_TORN):
            await asyncio.sleep(chance.uniform(*_A_WHILE_S))
            process.down()
            _cut(data / "stadtfunk.db", chance)
            with (data / "uplinks.db-wal").open("ab") as log:
                log.write(chance.randbytes(chance.randrange(1, 10_000)))
            process.start()
            await run.goes_on()


def _cut(file: Path, chance: random.Random) -> None:
    """Cut the write-ahead log of ``file`` at any byte after what is in the file itself.

    A disk that does as it is told loses nothing of it; one that lies about its writes loses that much and no more, and
    what is lost is computed again from the raw log.
    """
    log = file.with_name(f"{file.name}-wal")
    with file.open("rb") as opened:
        opened.seek(16)  # SQLite, "Database File Format", section 1.3.2: the page size
        page = int.from_bytes(opened.read(2), "big")
    index = file.with_name(f"{file.name}-shm").read_bytes()
    [backfilled] = _BACKFILLED.unpack_from(index, _BACKFILLED_AT)
    least = _WAL_HEADER + backfilled * (_FRAME_HEADER + (page if page > 1 else 65_536))
    size = log.stat().st_size
    if size > least:
        os.truncate(log, chance.randrange(least, size))
