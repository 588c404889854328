"""A disk that is full, or fails: nothing is acknowledged, nothing is torn, and afterwards work goes on."""

import resource
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random

import pytest
from msgspec.structs import replace

from adapters.sqlite.checkpoint import SqliteCheckpoint
from adapters.sqlite.database import SqliteDatabase
from adapters.sqlite.file import SqliteFile
from adapters.sqlite.uplink_log import SqliteUplinkLog
from application.errors import Unavailable
from application.ports.uplink_log import RawUplink
from tests.contract.checkpoint import process
from tests.contract.stream import a_stream, expected
from tests.contract.uplink_log import message
from tests.support.builders import a_raw_uplink
from tests.unit.adapters.sqlite.folder import logged, opened, stored_results


@contextmanager
def full(file: SqliteFile) -> Iterator[None]:
    """Let SQLite itself find the disk of ``file`` full: no page more than there are."""
    connection = file._opened()
    [pages] = connection.execute("PRAGMA page_count").fetchone()
    connection.execute(f"PRAGMA max_page_count = {pages}")
    yield
    connection.execute("PRAGMA max_page_count = 1073741823")


@contextmanager
def no_file_longer_than(size: int) -> Iterator[None]:
    """Let the system refuse every write beyond ``size``: the write-ahead log cannot grow."""
    assert signal.getsignal(signal.SIGXFSZ) is signal.SIG_IGN, "Python leaves the refusal to write(2)"
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def flood(start: int, count: int = 200) -> list[RawUplink]:
    """Return more messages than fit a page, however well they are compressed."""
    plain = [message(number) for number in range(start, start + count)]
    return [replace(each, body=each.body + Random(each.body).randbytes(200)) for each in plain]


async def test_a_full_disk_is_named_and_nothing_of_the_append_is_kept(database: SqliteDatabase) -> None:
    log = SqliteUplinkLog(database)
    await log.append(flood(0))
    with full(database.uplinks):
        for _ in range(3):
            with pytest.raises(Unavailable, match=r"uplinks\.db: database or disk is full .*: free space on it"):
                await log.append(flood(200))
        assert await logged(database) == flood(0)


async def test_the_same_process_goes_on_when_there_is_room_again(database: SqliteDatabase) -> None:
    log = SqliteUplinkLog(database)
    await log.append(flood(0))
    with full(database.uplinks), pytest.raises(Unavailable):
        await log.append(flood(200))
    await log.append(flood(200))
    assert await logged(database) == flood(0, 400)
    read: list[RawUplink] = []
    async for batch in log.read(0, 0):
        assert list(batch.offsets) == list(range(len(read), len(read) + len(batch.uplinks)))
        read.extend(batch.uplinks)
        if len(read) == 400:
            log.release()
    assert read == flood(0, 400)


async def test_a_restart_goes_on_when_there_is_room_again(tmp_path: Path) -> None:
    async with opened(tmp_path) as database:
        log = SqliteUplinkLog(database)
        await log.append(flood(0))
        with full(database.uplinks), pytest.raises(Unavailable):
            await log.append(flood(200))
    async with opened(tmp_path) as database:
        await SqliteUplinkLog(database).append(flood(200))
        assert await logged(database) == flood(0, 400)


async def test_a_write_the_system_refuses_is_named_and_nothing_of_it_is_kept(database: SqliteDatabase) -> None:
    log = SqliteUplinkLog(database)
    await log.append(flood(0))
    with no_file_longer_than(100_000):
        with pytest.raises(Unavailable, match=r"uplinks\.db: disk I/O error .*: the disk reports an error"):
            await log.append(flood(200, 2_000))
        assert await logged(database) == flood(0)
    await log.append(flood(200))
    assert await logged(database) == flood(0, 400)


@pytest.mark.parametrize("generation_most", [1, 40])
async def test_results_that_find_no_room_are_given_again_and_none_is_twice(
    tmp_path: Path, generation_most: int
) -> None:
    stream = a_stream(300)
    failures: list[str] = []
    async with opened(tmp_path) as database:
        await SqliteUplinkLog(database).append([a_raw_uplink()] * 300)
        checkpoint = SqliteCheckpoint(database, generation_most=generation_most)
        for end in range(20, 320, 20):
            with full(database.results):
                try:
                    await process(checkpoint, stream, until=end)
                except Unavailable as error:
                    failures.append(error.message)
        await process(checkpoint, stream)
        assert await stored_results(database) == expected(stream)[0]
    assert len(failures) > 5
    assert all("stadtfunk.db: database or disk is full" in failure for failure in failures)


async def test_ending_on_a_full_disk_says_so_and_the_next_start_replays(tmp_path: Path) -> None:
    stream = a_stream(300)
    async with opened(tmp_path) as database:
        await SqliteUplinkLog(database).append([a_raw_uplink()] * 300)
        checkpoint = SqliteCheckpoint(database)
        await process(checkpoint, stream)
        with full(database.results), pytest.raises(Unavailable, match="disk is full"):
            await checkpoint.__aexit__(None, None, None)
    async with opened(tmp_path) as database:
        memory = await process(SqliteCheckpoint(database), stream)
        wanted, wanted_memory = expected(stream)
        assert memory == wanted_memory
        assert await stored_results(database) == wanted


async def test_a_folder_without_room_for_the_files_is_named(tmp_path: Path) -> None:
    with no_file_longer_than(1_000), pytest.raises(Unavailable, match=r"uplinks\.db: .*"):
        async with SqliteDatabase(tmp_path):
            pass
    async with opened(tmp_path) as database:
        await SqliteUplinkLog(database).append([message(1)])
