"""Files as a source of rows keep the contract, and what only files can get wrong."""

import csv
import errno
import os
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from itertools import count
from pathlib import Path

import pytest

from adapters.csv import work_folder
from adapters.csv.incoming import digest_of
from adapters.csv.row_source import CsvRowSource, CsvSourceSettings
from adapters.csv.work_folder import WorkFolder
from application.errors import Refused, Unavailable, WrongShape
from application.ports.connector import BadRow
from tests.contract.row_source import (
    AddRows,
    Cells,
    OpenSource,
    RowSourceContract,
    a_row,
    dev_eui_of,
    devices_of,
    looked,
)

Open = Callable[[CsvSourceSettings], OpenSource]


def write_table(path: Path, rows: Sequence[Cells]) -> None:
    """Write a table with all columns that any of ``rows`` has."""
    columns = list(dict.fromkeys(column for row in rows for column in row))
    with path.open("w", encoding="utf-8", newline="") as file:
        table = csv.DictWriter(file, columns)
        table.writeheader()
        table.writerows(rows)


def read_table(path: Path) -> list[dict[str, str]]:
    """Return the rows of a table."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def tables_in(folder: Path) -> list[str]:
    """Return the names of the tables in a folder."""
    return sorted(path.name for path in folder.glob("*.csv"))


def settings_of(folder: Path, **changed: object) -> CsvSourceSettings:
    """Return settings of a source that takes files at once."""
    given: dict[str, object] = {"settle_s": 0.0, "look_s": 0.02, **changed}
    return CsvSourceSettings(name="devices-csv", what="device", path=folder, **given)  # type: ignore[arg-type]


@asynccontextmanager
async def opened(settings: CsvSourceSettings, folder: WorkFolder | None = None) -> AsyncIterator[CsvRowSource]:
    """Open a source, as its process would."""
    async with CsvRowSource(settings, folder) as source:
        yield source


class TestCsvRowSource(RowSourceContract):
    """Each call of ``add_rows`` brings a file."""

    @pytest.fixture
    def open_source(self, tmp_path: Path) -> OpenSource:
        return lambda: opened(settings_of(tmp_path))

    @pytest.fixture
    def add_rows(self, tmp_path: Path) -> AddRows:
        numbers = count()

        async def add(rows: Sequence[Cells]) -> None:
            write_table(tmp_path / f"table-{next(numbers)}.csv", rows)

        return add


class TestCsvRowSourceWhoseFilesStay(TestCsvRowSource):
    @pytest.fixture
    def open_source(self, tmp_path: Path) -> OpenSource:
        return lambda: opened(settings_of(tmp_path, finished="stay"))


async def test_a_finished_file_moves_away_with_its_rejected_rows(tmp_path: Path) -> None:
    write_table(tmp_path / "devices.csv", [a_row(1), a_row(2, installed="=1+1"), a_row(3)])
    async with opened(settings_of(tmp_path)) as source:
        await looked(source)
    assert tables_in(tmp_path) == []
    assert tables_in(tmp_path / "done") == ["devices.csv", "devices.rejected.csv"]
    [row] = read_table(tmp_path / "done" / "devices.rejected.csv")
    assert (row["line"], row["field"], row["value"]) == ("3", "installed", "'=1+1")
    assert "expected" in row["remedy"]


async def test_rows_that_the_registry_refuses_stand_beside_the_file_too(tmp_path: Path) -> None:
    write_table(tmp_path / "devices.csv", [a_row(1), a_row(2)])
    async with opened(settings_of(tmp_path)) as source:
        rows = await source.receive()
        assert rows is not None
        await source.acknowledge(rows, {1: BadRow("invalid_value", "no zone of the city", "zone", "zone-2")})
    rejected = read_table(tmp_path / "done" / "devices.rejected.csv")
    assert rejected == [{"line": "3", "field": "zone", "value": "zone-2", "remedy": "no zone of the city"}]


async def test_a_second_file_of_a_name_does_not_replace_the_first(tmp_path: Path) -> None:
    async with opened(settings_of(tmp_path)) as source:
        for number in (1, 2):
            write_table(tmp_path / "devices.csv", [a_row(number)])
            assert devices_of(await looked(source)) == [dev_eui_of(number)]
    assert tables_in(tmp_path / "done") == ["devices-2.csv", "devices.csv"]


async def test_a_file_that_stays_is_read_again_when_it_was_changed_and_only_then(tmp_path: Path) -> None:
    path = tmp_path / "devices.csv"
    settings = settings_of(path)
    write_table(path, [a_row(1)])
    async with opened(settings) as source:
        assert devices_of(await looked(source)) == [dev_eui_of(1)]
        path.touch()
        assert await looked(source) == []
        write_table(path, [a_row(2)])
        assert devices_of(await looked(source)) == [dev_eui_of(2)]
    async with opened(settings) as source:
        assert await looked(source) == []


async def test_a_file_that_grows_is_left_alone_until_it_is_whole(tmp_path: Path) -> None:
    now_s = 0.0
    folder = WorkFolder(
        tmp_path, "devices-csv", pattern="*.csv", stays=False, settle_s=10.0, now_s=lambda: now_s
    )  # fmt: skip
    path = tmp_path / "devices.csv"
    write_table(path, [a_row(1)])
    async with opened(settings_of(tmp_path), folder) as source:
        assert await looked(source) == []
        now_s = 9.0
        write_table(path, [a_row(1), a_row(2)])
        assert await looked(source) == []
        now_s = 18.0
        assert await looked(source) == []
        now_s = 19.0
        assert devices_of(await looked(source)) == [dev_eui_of(1), dev_eui_of(2)]


@pytest.mark.parametrize("name", ["devices.csv.part", "devices.csv.tmp", ".devices.csv", "~devices.csv", "notes.txt"])
async def test_what_is_not_yet_or_never_a_table_is_left_alone(tmp_path: Path, name: str) -> None:
    write_table(tmp_path / name, [a_row(1)])
    async with opened(settings_of(tmp_path)) as source:
        assert await looked(source) == []
        (tmp_path / name).rename(tmp_path / "devices.csv")
        assert devices_of(await looked(source)) == [dev_eui_of(1)]


async def test_a_file_changed_while_it_is_read_is_read_again(tmp_path: Path) -> None:
    path = tmp_path / "devices.csv"
    write_table(path, [a_row(1)])
    async with opened(settings_of(tmp_path)) as source:
        rows = await source.receive()
        assert rows is not None
        write_table(path, [a_row(1), a_row(2)])
        await source.acknowledge(rows, {})
        assert path.exists()
        assert devices_of(await looked(source)) == [dev_eui_of(1), dev_eui_of(2)]


async def test_a_file_that_is_no_table_is_told_and_put_away(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("dev_eui,colour\n1,2\n")
    write_table(tmp_path / "b.csv", [a_row(1)])
    async with opened(settings_of(tmp_path)) as source:
        rows = await looked(source)
    assert devices_of(rows) == [dev_eui_of(1)]
    [bad] = [row.said for row in rows if isinstance(row.said, BadRow)]
    assert bad.reason == "table_unreadable"
    assert "'colour' means nothing" in bad.detail
    assert read_table(tmp_path / "done" / "a.rejected.csv")[0]["line"] == "1"


async def test_the_older_file_comes_first_and_those_behind_it_are_counted(tmp_path: Path) -> None:
    for number in (2, 1, 3):
        write_table(tmp_path / f"{number}.csv", [a_row(number)])
    async with opened(settings_of(tmp_path)) as source:
        found: list[tuple[str, int]] = []
        while (rows := await source.receive()) is not None and rows.rows:
            found.append((rows.rows[0].origin, rows.waiting))
            await source.acknowledge(rows, {})
    assert found == [("2.csv:2", 2), ("1.csv:2", 1), ("3.csv:2", 0)]


async def test_a_long_file_goes_on_where_it_was_left(tmp_path: Path) -> None:
    write_table(tmp_path / "devices.csv", [a_row(number) for number in range(1_200)])
    async with opened(settings_of(tmp_path)) as source:
        rows = await source.receive()
        assert rows is not None
        assert len(rows.rows) == 500
        await source.acknowledge(rows, {})
        await source.receive()
    async with opened(settings_of(tmp_path)) as source:
        found = await looked(source)
    assert [row.origin for row in found][:: len(found) - 1] == ["devices.csv:502", "devices.csv:1201"]


async def test_no_more_of_a_file_is_read_than_is_given(tmp_path: Path) -> None:
    write_table(tmp_path / "devices.csv", [a_row(number) for number in range(20_000)])
    async with opened(settings_of(tmp_path)) as source:
        rows = await source.receive()
        assert rows is not None
        assert source._file is not None
        table = source._file._table
        assert (len(rows.rows), table.read < table.size / 20) == (500, True)


async def test_readings_are_read_too(tmp_path: Path) -> None:
    row = {"device": dev_eui_of(1), "time": "2026-01-01T12:00:00Z", "measurand": "water.volume", "value": "12,5"}
    path = tmp_path / "readings.csv"
    path.write_text(";".join(row) + "\n" + ";".join(row.values()) + "\n")
    async with opened(CsvSourceSettings(name="r", what="readings", path=tmp_path, settle_s=0.0)) as source:
        [found] = await looked(source)
    assert getattr(found.said, "value", None) == "12.5"


async def test_a_second_process_of_that_name_is_refused(tmp_path: Path) -> None:
    async with opened(settings_of(tmp_path)):
        with pytest.raises(Refused, match="another process works on"):
            async with opened(settings_of(tmp_path)):
                pass


async def test_a_share_that_goes_away_between_two_looks_is_unavailable(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_table(tmp_path / "devices.csv", [a_row(1)])
    stat = Path.stat

    def gone(path: Path, **how: bool) -> os.stat_result:
        if path.suffix == ".csv" and how.get("follow_symlinks", True):
            raise OSError(errno.EHOSTDOWN, "Host is down")
        return stat(path, **how)

    async with opened(settings_of(tmp_path)) as source:
        monkeypatch.setattr(Path, "is_file", lambda _: True)
        monkeypatch.setattr(Path, "stat", gone)
        with pytest.raises(Unavailable, match=r"devices\.csv: Host is down"):
            await source.receive()


async def test_a_file_taken_away_while_it_is_looked_at_is_no_failure(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "devices.csv"
    write_table(path, [a_row(1)])
    async with opened(settings_of(tmp_path, finished="stay")) as source:
        assert await looked(source)
        path.touch()
        os.utime(path, ns=(0, 0))

        def taken_away(of: Path) -> str:
            of.unlink()
            return digest_of(of)

        monkeypatch.setattr(work_folder, "digest_of", taken_away)
        assert await looked(source) == []


async def test_a_folder_that_is_not_there_is_refused(tmp_path: Path) -> None:
    for path, said in (("nowhere", "no such folder"), ("nowhere/devices.csv", "no such folder")):
        with pytest.raises(Refused, match=said):
            async with opened(settings_of(tmp_path / path)):
                pass


async def test_a_single_file_may_come_later(tmp_path: Path) -> None:
    async with opened(settings_of(tmp_path / "devices.csv")) as source:
        assert await looked(source) == []
        write_table(tmp_path / "other.csv", [a_row(1)])
        write_table(tmp_path / "devices.csv", [a_row(2)])
        assert devices_of(await looked(source)) == [dev_eui_of(2)]


async def test_rejected_rows_of_a_reading_that_was_killed_do_not_stay(tmp_path: Path) -> None:
    path = tmp_path / "devices.csv"
    write_table(path, [a_row(1)])
    async with opened(settings_of(tmp_path)) as source:
        await source.receive()
        (tmp_path / "devices.rejected.csv").write_text("line,field,value,remedy\n2,zone,x,y\n")
    async with opened(settings_of(tmp_path)) as source:
        await looked(source)
    assert tables_in(tmp_path) + tables_in(tmp_path / "done") == ["devices.csv"]


async def test_a_memory_that_cannot_be_read_is_an_error_and_not_a_new_beginning(tmp_path: Path) -> None:
    (tmp_path / ".devices-csv.in-hand.json").write_text('{"name": 7}')
    with pytest.raises(WrongShape, match="cannot be read"):
        async with opened(settings_of(tmp_path)):
            pass
