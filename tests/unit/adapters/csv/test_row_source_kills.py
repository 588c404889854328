"""Real processes that are killed while they bring files in: what is stored is as if one had done all in one go."""

import asyncio
import sys
from pathlib import Path
from random import Random

import msgspec
import pytest

from adapters.sqlite.database import SqliteDatabase
from adapters.sqlite.master_data import SqliteMasterData
from application.all_pages import all_records
from domain.device import DeviceEntry
from tests.contract.row_source import Cells, a_row, dev_eui_of
from tests.support.eventually import soon
from tests.unit.adapters.csv.file_worker import Settings
from tests.unit.adapters.csv.test_row_source import read_table, tables_in, write_table

pytestmark = pytest.mark.timeout(300)
DEVICES = 1_300
"""Three chunks in the first file, one in the second."""
BAD = (7, 600, 1_250)
POINTS = [
    ("position_kept", 1),
    ("position_kept", 2),
    ("end_noted", 1),
    ("file_moved", 1),
    ("put_away", 1),
    ("end_noted", 2),
]


def a_city() -> list[Cells]:
    """Return rows of which three are bad."""
    return [a_row(number, **({"installed": "never"} if number in BAD else {})) for number in range(DEVICES)]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with two files of devices."""
    folder = tmp_path / "files"
    folder.mkdir()
    rows = a_city()
    write_table(folder / "a.csv", [{**row, "installed": row.get("installed", "")} for row in rows[:1_200]])
    write_table(folder / "b.csv", [{**row, "installed": row.get("installed", "")} for row in rows[1_200:]])
    return folder


@pytest.fixture
def registry(tmp_path: Path) -> Path:
    """Where the registry is kept."""
    path = tmp_path / "registry"
    path.mkdir()
    return path


async def started(settings: Settings) -> asyncio.subprocess.Process:
    """Start a process that works on the files."""
    return await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.unit.adapters.csv.file_worker", msgspec.json.encode(settings).decode()
    )


async def check(folder: Path, registry: Path) -> None:
    """See that every good row is stored, and every bad one told once."""
    async with SqliteDatabase(registry) as database:
        entries = await all_records(SqliteMasterData(database), DeviceEntry)
    good = {dev_eui_of(number): f"zone-{number}" for number in range(DEVICES) if number not in BAD}
    assert {entry.dev_eui: entry.zone for entry in entries} == good
    assert tables_in(folder) == []
    assert tables_in(folder / "done") == ["a.csv", "a.rejected.csv", "b.csv", "b.rejected.csv"]
    assert [row["line"] for row in read_table(folder / "done" / "a.rejected.csv")] == ["9", "602"]
    assert [row["line"] for row in read_table(folder / "done" / "b.rejected.csv")] == ["52"]


@pytest.mark.parametrize("point,passing", POINTS)
async def test_killed_at_a_point_nothing_is_lost_and_nothing_told_twice(
    folder: Path, registry: Path, point: str, passing: int
) -> None:
    first = await started(Settings(str(folder), str(registry), point, passing))
    assert await soon(first.wait(), 60.0) == -9
    second = await started(Settings(str(folder), str(registry)))
    assert await soon(second.wait(), 60.0) == 0
    await check(folder, registry)


async def test_killed_again_and_again_at_any_moment_it_comes_to_its_end(folder: Path, registry: Path) -> None:
    random, kills = Random(5), 0
    while True:
        process = await started(Settings(str(folder), str(registry)))
        try:
            async with asyncio.timeout(random.uniform(0.3, 0.9) * (1 + kills / 4)):
                assert await process.wait() == 0
            break
        except TimeoutError:
            process.kill()
            await process.wait()
            kills += 1
    await check(folder, registry)
