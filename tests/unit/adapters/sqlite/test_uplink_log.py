"""The SQLite uplink log keeps the contract, survives its process and is kept by size."""

import asyncio
import zlib
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import msgspec
import pytest

from adapters.memory.partition_assignment import MemoryPartitionAssignment
from adapters.sqlite.database import SqliteDatabase
from adapters.sqlite.uplink_log import SqliteUplinkLog
from application.errors import WrongShape
from application.ports.uplink_log import LoggedUplinks, RawUplink
from tests.contract.partition_assignment import PartitionAssignmentContract
from tests.contract.uplink_log import NOON_US, OpenReplica, Replica, UplinkLogContract, message, replayed
from tests.support.eventually import soon


class TestSqliteUplinkLog(UplinkLogContract):
    @pytest.fixture
    def log(self, database: SqliteDatabase) -> SqliteUplinkLog:
        return SqliteUplinkLog(database)

    @pytest.fixture
    def open_replica(self, log: SqliteUplinkLog) -> OpenReplica:
        @asynccontextmanager
        async def opened() -> AsyncIterator[Replica]:
            yield Replica(log, MemoryPartitionAssignment(log))

        return opened


class TestSqliteUplinkLogReadFromItsTable(TestSqliteUplinkLog):
    """The same, by a log that finds in its table what another wrote."""

    @pytest.fixture
    def open_replica(self, database: SqliteDatabase, log: SqliteUplinkLog) -> OpenReplica:
        @asynccontextmanager
        async def opened() -> AsyncIterator[Replica]:
            log._tail._uplinks.clear()
            log._tail._start = max(log._end, 0)
            yield Replica(log, MemoryPartitionAssignment(log))

        return opened


class TestAssignment(PartitionAssignmentContract):
    @pytest.fixture
    def open_replica(self, database: SqliteDatabase) -> OpenReplica:
        @asynccontextmanager
        async def opened() -> AsyncIterator[Replica]:
            log = SqliteUplinkLog(database)
            yield Replica(log, MemoryPartitionAssignment(log))

        return opened


async def first_batch(log: SqliteUplinkLog, offset: int) -> LoggedUplinks:
    """Return what ``log`` reads first from ``offset``."""
    async for batch in log.read(0, offset):
        return batch
    raise AssertionError("the log ended")


async def everything(log: SqliteUplinkLog) -> list[RawUplink]:
    """Return all that ``log`` still holds."""
    return await replayed(log, 0, 2 * NOON_US)


async def test_what_was_appended_survives_the_process(tmp_path: Path) -> None:
    async with SqliteDatabase(tmp_path) as database:
        await SqliteUplinkLog(database).append([message(1), message(2)])
    async with SqliteDatabase(tmp_path) as database:
        log = SqliteUplinkLog(database)
        await log.append([message(3)])
        batch = await soon(first_batch(log, 0))
    assert list(batch.offsets) == [0, 1, 2]
    assert batch.uplinks == [message(1), message(2), message(3)]


async def test_many_small_appends_are_read_in_large_batches(database: SqliteDatabase) -> None:
    log = SqliteUplinkLog(database)
    for number in range(600):
        await log.append([message(number)])
    for reader in (log, SqliteUplinkLog(database)):
        assert len((await soon(first_batch(reader, 0))).uplinks) == 500
        assert len((await soon(first_batch(reader, 500))).uplinks) == 100


async def test_a_flood_in_one_append_is_read_in_batches_of_a_thousand_at_most(database: SqliteDatabase) -> None:
    flood = [message(number) for number in range(3_500)]
    await SqliteUplinkLog(database).append(flood)
    log, read = SqliteUplinkLog(database), list[RawUplink]()
    async for batch in log.read(0, 0):
        assert len(batch.uplinks) <= 1_000
        assert list(batch.offsets) == list(range(len(read), len(read) + len(batch.uplinks)))
        read.extend(batch.uplinks)
        if len(read) == len(flood):
            log.release()
    assert read == flood


async def test_the_reader_that_keeps_up_reads_no_table(database: SqliteDatabase) -> None:
    log = SqliteUplinkLog(database)
    await log.append([message(1)])
    with database.uplinks.writing() as connection:
        connection.execute("UPDATE uplinks SET body = x'00'")
    assert (await soon(first_batch(log, 0))).uplinks == [message(1)]


async def test_the_tail_in_memory_is_bounded(database: SqliteDatabase) -> None:
    log = SqliteUplinkLog(database)
    for number in range(30):
        await log.append([message(number, padding=1_000_000)])
    assert len(log._tail._uplinks) < 20
    assert (await soon(first_batch(log, 3))).uplinks[0] == message(3, padding=1_000_000)
    assert (await soon(first_batch(log, 29))).uplinks == [message(29, padding=1_000_000)]


async def test_the_oldest_rows_go_when_the_log_is_full(database: SqliteDatabase) -> None:
    log = SqliteUplinkLog(database, keep_bytes=5_000)
    database.needed_from = 1_000
    for number in range(200):
        await log.append([message(number)])
    held = await everything(log)
    assert held == [message(number) for number in range(200 - len(held), 200)]
    [size] = database.uplinks._opened().execute("SELECT sum(length(body)) FROM uplinks").fetchone()
    assert 5_000 <= size < 5_500


async def test_nothing_goes_that_processing_still_needs(database: SqliteDatabase) -> None:
    log = SqliteUplinkLog(database, keep_bytes=100)
    for number in range(50):
        await log.append([message(number)])
    assert len(await everything(log)) == 50
    database.needed_from = 20
    await log.append([message(50)])
    await log.append([message(51)])
    assert await everything(log) == [message(number) for number in range(20, 52)]


async def test_the_newest_row_stays_whatever_the_limit(database: SqliteDatabase) -> None:
    log = SqliteUplinkLog(database, keep_bytes=0)
    database.needed_from = 1_000
    for number in range(3):
        await log.append([message(number)])
    assert await everything(log) == [message(2)]
    assert list((await soon(first_batch(SqliteUplinkLog(database), 2))).offsets) == [2]


async def test_a_position_that_is_gone_is_an_error_that_names_the_remedy(database: SqliteDatabase) -> None:
    log = SqliteUplinkLog(database, keep_bytes=100)
    database.needed_from = 1_000
    for number in range(50):
        await log.append([message(number)])
    with pytest.raises(WrongShape, match="no longer holds message 3: restore it from the backup, or"):
        await soon(first_batch(SqliteUplinkLog(database), 3))


async def test_a_replay_finds_messages_that_came_out_of_order(database: SqliteDatabase) -> None:
    log = SqliteUplinkLog(database)
    times = [5, 1, 9, 3, 7, 2]
    for time in times:
        await log.append([message(time), message(time + 100)])
    assert [uplink.received_us - NOON_US for uplink in await replayed(log, NOON_US + 2, NOON_US + 8)] == [5, 3, 7, 2]


async def test_a_long_log_is_replayed_whole(database: SqliteDatabase) -> None:
    log = SqliteUplinkLog(database)
    for number in range(700):
        await log.append([message(number)])
    assert await everything(log) == [message(number) for number in range(700)]


async def test_a_body_of_a_later_format_is_not_guessed_at(database: SqliteDatabase) -> None:
    await SqliteUplinkLog(database).append([message(1)])
    with database.uplinks.writing() as connection:
        connection.execute("UPDATE uplinks SET body = x'0990'")
    with pytest.raises(WrongShape, match="format 09"):
        await soon(first_batch(SqliteUplinkLog(database), 0))


@pytest.mark.parametrize(
    "compress",
    [
        pytest.param(lambda body: b"\0" + body, id="plain"),
        pytest.param(lambda body: b"\1" + zlib.compress(body), id="zlib"),
    ],
)
async def test_what_was_written_before_batches_had_their_form_is_read(
    database: SqliteDatabase, compress: Callable[[bytes], bytes]
) -> None:
    await SqliteUplinkLog(database).append([message(1)])
    with database.uplinks.writing() as connection:
        connection.execute("UPDATE uplinks SET body = ?", (compress(msgspec.msgpack.encode([message(1)])),))
    assert await everything(SqliteUplinkLog(database)) == [message(1)]


@pytest.mark.parametrize("damaged", ["0090", "01789c00", "0228b52ffd", "02"])
async def test_a_damaged_body_is_not_guessed_at(database: SqliteDatabase, damaged: str) -> None:
    await SqliteUplinkLog(database).append([message(1)])
    with database.uplinks.writing() as connection:
        connection.execute("UPDATE uplinks SET body = ?", (bytes.fromhex(damaged),))
    with pytest.raises(WrongShape, match="damaged"):
        await soon(first_batch(SqliteUplinkLog(database), 0))


async def test_a_source_that_always_has_more_leaves_time_to_others(database: SqliteDatabase) -> None:
    log, turns = SqliteUplinkLog(database), [0]

    async def live() -> None:
        while True:
            turns[0] += 1
            await asyncio.sleep(0)

    living = asyncio.create_task(live())
    await log.append([message(number) for number in range(2_000)])
    for number in range(10):
        await log.append([message(number)])
    assert turns[0] >= 14
    living.cancel()
