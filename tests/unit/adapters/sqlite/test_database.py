"""The folder: one instance, known shape, and a clear line for whatever is wrong with it."""

import os
import sqlite3
from pathlib import Path

import pytest

from adapters.sqlite.checkpoint import SqliteCheckpoint
from adapters.sqlite.database import SqliteDatabase
from adapters.sqlite.dead_letters import SqliteDeadLetters
from adapters.sqlite.file import SqliteFile
from adapters.sqlite.reading_query import SqliteReadingQuery
from adapters.sqlite.schema import RESULTS, UPLINKS
from adapters.sqlite.uplink_log import SqliteUplinkLog
from application.errors import ApplicationError, Refused, Unavailable, WrongShape
from application.processing.outcome import Outcome
from domain.identifiers import DevEui
from tests.contract.uplink_log import message
from tests.support.builders import DEV, a_dead_letter, a_device, an_observation
from tests.unit.adapters.sqlite.folder import EVER, logged, opened

FILES = ("uplinks.db", "stadtfunk.db")
PRAGMAS = ("journal_mode", "synchronous", "page_size")


def names(folder: Path) -> list[str]:
    """Return what is in ``folder``."""
    return sorted(file.name for file in folder.iterdir())


async def refusal(folder: Path, *, read_only: bool = False) -> ApplicationError:
    """Return what is raised when ``folder`` is opened."""
    with pytest.raises(ApplicationError) as raised:
        async with SqliteDatabase(folder, read_only=read_only):
            pass
    return raised.value


async def test_a_new_folder_is_made_with_its_parents(tmp_path: Path) -> None:
    async with opened(tmp_path / "a" / "b"):
        assert {*FILES} <= {*names(tmp_path / "a" / "b")}


async def test_a_new_folder_is_for_its_owner_alone(tmp_path: Path) -> None:
    async with opened(tmp_path / "a"):
        assert (tmp_path / "a").stat().st_mode & 0o777 == 0o700


async def test_a_good_end_leaves_no_write_ahead_log(tmp_path: Path) -> None:
    async with opened(tmp_path) as database:
        await SqliteUplinkLog(database).append([message(1)])
    assert names(tmp_path) == ["lock", "registry.db", "stadtfunk.db", "uplinks.db"]


async def test_commits_are_durable_and_files_of_the_intended_page_size(database: SqliteDatabase) -> None:
    for file, page in ((database.uplinks, 16_384), (database.results, 4_096)):
        pragmas = {name: file._opened().execute(f"PRAGMA {name}").fetchone()[0] for name in PRAGMAS}
        assert pragmas == {"journal_mode": "wal", "synchronous": 2, "page_size": page}


async def test_a_second_instance_is_refused_and_told_who_is_first(database: SqliteDatabase) -> None:
    refused = await refusal(database.folder)
    assert isinstance(refused, Refused)
    expected = f"another stadtfunk (pid {os.getpid()}) uses folder {database.folder}: end it, or name another folder"
    assert refused.message == expected


async def test_a_refused_instance_does_not_disturb_the_first(database: SqliteDatabase) -> None:
    await refusal(database.folder)
    await refusal(database.folder)
    await SqliteUplinkLog(database).append([message(1)])
    assert await logged(database) == [message(1)]


async def test_the_folder_is_free_once_its_instance_has_ended(tmp_path: Path) -> None:
    for _ in range(3):
        async with opened(tmp_path):
            pass


async def test_others_may_read_while_the_platform_runs(database: SqliteDatabase) -> None:
    await SqliteDeadLetters(database).add([a_dead_letter("1")])
    async with SqliteDatabase(database.folder, read_only=True) as reader:
        await SqliteDeadLetters(database).add([a_dead_letter("2")])
        assert [letter.letter_id for letter in await SqliteDeadLetters(reader).list()] == ["2", "1"]


async def test_others_see_readings_that_are_not_yet_in_their_table(database: SqliteDatabase) -> None:
    checkpoint = SqliteCheckpoint(database)
    await checkpoint.restore(0)
    checkpoint.take(0, Outcome(observations=[an_observation()], devices=[a_device()]))
    await checkpoint.commit(0, 1)
    async with SqliteDatabase(database.folder, read_only=True) as reader:
        assert len(await SqliteReadingQuery(reader).page(DevEui(DEV), EVER, size=10)) == 1


async def test_a_folder_can_be_read_when_nobody_works_in_it(tmp_path: Path) -> None:
    async with opened(tmp_path) as database:
        await SqliteDeadLetters(database).add([a_dead_letter("1")])
    async with SqliteDatabase(tmp_path, read_only=True) as reader:
        assert len(await SqliteDeadLetters(reader).list()) == 1


async def test_who_only_reads_cannot_write(database: SqliteDatabase) -> None:
    async with SqliteDatabase(database.folder, read_only=True) as reader:
        with pytest.raises(Unavailable, match=r"stadtfunk\.db: .*readonly.*: the file cannot be written"):
            await SqliteDeadLetters(reader).add([a_dead_letter("1")])


async def test_there_is_nothing_to_read_where_nobody_wrote(tmp_path: Path) -> None:
    refused = await refusal(tmp_path, read_only=True)
    assert isinstance(refused, Refused)
    assert "holds no data of stadtfunk: name the folder that `stadtfunk run` writes" in refused.message
    assert names(tmp_path) == []


@pytest.mark.parametrize("read_only", [True, False])
async def test_a_folder_the_system_cannot_look_into_is_named(tmp_path: Path, *, read_only: bool) -> None:
    refused = await refusal(tmp_path / ("a" * 300), read_only=read_only)
    assert isinstance(refused, Unavailable)
    assert "File name too long (ENAMETOOLONG)" in refused.message


@pytest.mark.parametrize("name", FILES)
async def test_a_later_schema_is_left_alone(tmp_path: Path, name: str) -> None:
    async with opened(tmp_path):
        pass
    change(tmp_path / name, "PRAGMA user_version = 7")
    before = (tmp_path / name).read_bytes()
    wrong = await refusal(tmp_path)
    assert isinstance(wrong, WrongShape)
    ours = {"stadtfunk.db": RESULTS, "uplinks.db": UPLINKS}[name].version
    assert f"{name} has schema version 7, this one reads {ours}: start the stadtfunk that wrote it" in wrong.message
    assert (tmp_path / name).read_bytes() == before


@pytest.mark.parametrize("name", FILES)
async def test_a_database_of_another_program_is_left_alone(tmp_path: Path, name: str) -> None:
    change(tmp_path / name, "CREATE TABLE bookmarks (url TEXT)")
    before = (tmp_path / name).read_bytes()
    wrong = await refusal(tmp_path)
    assert isinstance(wrong, WrongShape)
    assert f"{name} is no file of stadtfunk: name another folder, or move it away" in wrong.message
    assert (tmp_path / name).read_bytes() == before


async def test_one_file_in_the_place_of_the_other_is_noticed(tmp_path: Path) -> None:
    async with opened(tmp_path):
        pass
    (tmp_path / "uplinks.db").write_bytes((tmp_path / "stadtfunk.db").read_bytes())
    assert isinstance(await refusal(tmp_path), WrongShape)


@pytest.mark.parametrize("name", FILES)
async def test_a_file_that_is_no_database_is_left_alone(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(b"no database at all" * 1_000)
    wrong = await refusal(tmp_path)
    assert isinstance(wrong, WrongShape)
    assert "NOTADB" in wrong.message
    assert "restore it from the backup, or move it away" in wrong.message


async def test_a_damaged_file_is_named(tmp_path: Path) -> None:
    async with opened(tmp_path) as database:
        await SqliteDeadLetters(database).add([a_dead_letter(str(number)) for number in range(500)])
    path = tmp_path / "stadtfunk.db"
    content = bytearray(path.read_bytes())
    content[8_192:] = b"\xa5" * (len(content) - 8_192)
    path.write_bytes(content)
    with pytest.raises(WrongShape, match=r"stadtfunk\.db: .*CORRUPT.*: restore it from the backup"):
        async with opened(tmp_path) as database:
            await SqliteDeadLetters(database).list()


async def test_an_empty_file_is_as_good_as_none(tmp_path: Path) -> None:
    (tmp_path / "uplinks.db").touch()
    async with opened(tmp_path) as database:
        await SqliteUplinkLog(database).append([message(1)])


async def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    unavailable = await refusal(tmp_path / "file" / "data")
    assert isinstance(unavailable, Unavailable)
    assert f"{tmp_path}/file/data: Not a directory (ENOTDIR): see that the folder exists" in unavailable.message


async def test_a_file_another_program_writes_is_named(database: SqliteDatabase) -> None:
    database.results._opened().execute("PRAGMA busy_timeout = 10")
    other = sqlite3.connect(database.folder / "stadtfunk.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(Unavailable, match=r"database is locked .*: another program is writing it: end that program"):
        await SqliteDeadLetters(database).add([a_dead_letter("1")])
    other.execute("ROLLBACK")
    other.close()
    await SqliteDeadLetters(database).add([a_dead_letter("1")])


def test_a_bug_of_ours_does_not_look_like_bad_weather(database: SqliteDatabase) -> None:
    with pytest.raises(sqlite3.IntegrityError), database.uplinks.writing() as connection:
        connection.execute("INSERT INTO log VALUES (NULL)")


def test_a_file_that_is_not_open_says_so(tmp_path: Path) -> None:
    database = SqliteDatabase(tmp_path)
    with pytest.raises(RuntimeError, match="is not open"), database.results.reading():
        pass


def change(path: Path, statement: str) -> None:
    """Do to a file what another program, or a later version, might have done."""
    connection = sqlite3.connect(path)
    connection.execute(statement)
    connection.commit()
    connection.close()


def test_closing_what_was_never_opened_is_harmless(tmp_path: Path) -> None:
    file: SqliteFile = SqliteDatabase(tmp_path).results
    file.close()
