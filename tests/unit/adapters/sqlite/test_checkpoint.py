"""The SQLite checkpoint keeps the contract, whatever the size of its generations, and ends in good order."""

from collections.abc import AsyncIterator, Awaitable, Callable
from itertools import pairwise
from pathlib import Path

import pytest

from adapters.sqlite.checkpoint import SqliteCheckpoint, _nothing
from adapters.sqlite.database import SqliteDatabase
from adapters.sqlite.device_states import SqliteDeviceStates
from adapters.sqlite.reading_query import SqliteReadingQuery
from adapters.sqlite.uplink_log import SqliteUplinkLog
from application.errors import NotFound, Unavailable, WrongShape
from application.ports.checkpoint import Checkpoint
from application.processing.outcome import Outcome
from domain.identifiers import DevEui
from tests.contract.checkpoint import CheckpointContract, OpenCheckpoint, process
from tests.contract.stream import Results, a_stream, expected
from tests.support.builders import DEV, a_raw_uplink, an_observation
from tests.unit.adapters.sqlite.folder import EVER, Folder, opened, stored_readings, stored_results

NEVER_FULL = 10**9


@pytest.fixture
async def folder(tmp_path: Path) -> AsyncIterator[Folder]:
    folder = Folder(tmp_path)
    yield folder
    folder.kill()


async def fill_log(database: SqliteDatabase, count: int) -> None:
    """Let the log reach position ``count``."""
    await SqliteUplinkLog(database).append([a_raw_uplink()] * count)


class TestSqliteCheckpoint(CheckpointContract):
    crash_points = ("results_written", "slice_written", "position_written", "committed")

    @pytest.fixture(params=[1, 40, 150])
    def generation_most(self, request: pytest.FixtureRequest) -> int:
        """How much waits for its table: every commit settles the one before, or a slice of a dozen."""
        return int(request.param)

    @pytest.fixture
    def open_checkpoint(self, folder: Folder, generation_most: int) -> OpenCheckpoint:
        async def opened(at: Callable[[str], None] = _nothing) -> Checkpoint:
            return SqliteCheckpoint(await folder.open(), generation_most=generation_most, at=at)

        return opened

    @pytest.fixture
    def results(self, folder: Folder) -> Callable[[], Awaitable[Results]]:
        return lambda: stored_results(folder.database)

    @pytest.fixture
    def log_holds(self, folder: Folder) -> Callable[[int], Awaitable[None]]:
        async def held(count: int) -> None:
            await fill_log(await folder.open(), count)

        return held


@pytest.mark.parametrize("generation_most", [1, 40, NEVER_FULL])
async def test_after_a_good_end_nothing_is_replayed(folder: Folder, generation_most: int) -> None:
    stream = a_stream(200)
    database = await folder.open()
    await fill_log(database, 200)
    async with SqliteCheckpoint(database, generation_most=generation_most) as checkpoint:
        await process(checkpoint, stream)
    database = await folder.open()
    restored = await SqliteCheckpoint(database).restore(0)
    wanted, wanted_memory = expected(stream)
    assert (restored.offset, restored.memory) == (200, wanted_memory)
    assert await stored_results(database) == wanted
    assert database.results._opened().execute("SELECT count(*) FROM journal").fetchone() == (0,)


async def test_readings_not_yet_in_their_table_are_seen_right_after_a_kill(folder: Folder) -> None:
    stream = a_stream(100)
    database = await folder.open()
    await fill_log(database, 100)
    await process(SqliteCheckpoint(database, generation_most=NEVER_FULL), stream)
    database = await folder.open()
    assert database.results._opened().execute("SELECT count(*) FROM observations").fetchone() == (0,)
    assert await stored_readings(database) == expected(stream)[0].readings


async def test_no_state_is_told_after_a_kill_until_it_is_as_new_as_it_was(folder: Folder) -> None:
    stream = a_stream(200)
    await fill_log(await folder.open(), 200)
    await process(SqliteCheckpoint(folder.database, generation_most=150), stream)
    states = SqliteDeviceStates(await folder.open())
    device, state = next(iter(expected(stream)[0].states.items()))
    with pytest.raises(Unavailable, match="is being computed again after a kill: ask again in a few seconds"):
        await states.get(DevEui(device))
    checkpoint = SqliteCheckpoint(folder.database, generation_most=NEVER_FULL)
    await process(checkpoint, stream, until=199)
    with pytest.raises(Unavailable):
        await states.get(DevEui(device))
    await process(checkpoint, stream)
    assert await states.get(DevEui(device)) == state


async def test_a_device_never_heard_is_unknown_where_nothing_was_killed(folder: Folder) -> None:
    async with opened(folder.path) as database, SqliteCheckpoint(database) as checkpoint:
        await fill_log(database, 20)
        await process(checkpoint, a_stream(20))
    async with opened(folder.path) as database:
        with pytest.raises(NotFound):
            await SqliteDeviceStates(database).get(DevEui("ffffffffffffffff"))


async def test_a_process_that_ends_before_its_replay_does_leaves_all_as_it_was(folder: Folder) -> None:
    stream = a_stream(200)
    await fill_log(await folder.open(), 200)
    await process(SqliteCheckpoint(folder.database, generation_most=NEVER_FULL), stream)
    for end in (0, 50, 120):
        async with SqliteCheckpoint(await folder.open(), generation_most=NEVER_FULL) as checkpoint:
            await process(checkpoint, stream, until=end)
    await process(SqliteCheckpoint(await folder.open()), stream)
    assert await stored_results(folder.database) == expected(stream)[0]


async def test_work_taken_up_again_in_the_same_process_changes_nothing(folder: Folder) -> None:
    stream = a_stream(200)
    await fill_log(await folder.open(), 200)
    checkpoint = SqliteCheckpoint(folder.database, generation_most=60)
    for end in (90, 130, 200):
        memory = await process(checkpoint, stream, until=end)
    wanted, wanted_memory = expected(stream)
    assert memory == wanted_memory
    assert await stored_results(folder.database) == wanted


async def test_a_generation_is_settled_when_it_is_old_enough(folder: Folder) -> None:
    seconds = [0.0]
    database = await folder.open()
    await fill_log(database, 10)
    checkpoint = SqliteCheckpoint(database, generation_s=30.0, now=lambda: seconds[0])
    await checkpoint.restore(0)
    checkpoint.take(0, Outcome(observations=[an_observation()]))
    await checkpoint.commit(0, 1)
    await checkpoint.commit(0, 2)
    assert database.needed_from == 0
    seconds[0] = 31.0
    await checkpoint.commit(0, 3)
    await checkpoint.commit(0, 4)
    assert database.needed_from == 3
    assert database.results._opened().execute("SELECT count(*) FROM observations").fetchone() == (1,)


async def test_the_journal_forgets_what_is_in_the_table(folder: Folder) -> None:
    database = await folder.open()
    stream = a_stream(2_000)
    await fill_log(database, 2_000)
    await process(SqliteCheckpoint(database, generation_most=100), stream)
    [entries] = database.results._opened().execute("SELECT count(*) FROM journal").fetchone()
    assert entries < 60


async def test_the_journal_keeps_what_comes_when_all_before_it_is_forgotten(folder: Folder) -> None:
    database = await folder.open()
    await fill_log(database, 10)
    checkpoint = SqliteCheckpoint(database, generation_most=1)
    await checkpoint.restore(0)
    checkpoint.take(0, Outcome(observations=[an_observation(event_ns=1)]))
    await checkpoint.commit(0, 1)
    for end in (2, 3):
        await checkpoint.commit(0, end)
    checkpoint.take(0, Outcome(observations=[an_observation(event_ns=2)]))
    await checkpoint.commit(0, 4)
    database = await folder.open()
    stored = await SqliteReadingQuery(database).page(DEV, EVER, size=10)
    assert [reading.event_ns for reading in stored] == [2, 1]


async def test_few_devices_that_brought_much_are_settled_in_slices_too(folder: Folder) -> None:
    database = await folder.open()
    await fill_log(database, 60)
    checkpoint = SqliteCheckpoint(database, generation_most=2_000)
    await checkpoint.restore(0)
    for number in range(40):
        observations = [an_observation(dev_eui=f"{device:016x}", event_ns=number) for device in range(50)]
        checkpoint.take(0, Outcome(observations=observations))
        await checkpoint.commit(0, number + 1)
    settled = [0]
    for end in range(41, 61):
        await checkpoint.commit(0, end)
        settled += database.results._opened().execute("SELECT count(*) FROM observations").fetchone()
    assert settled[-1] == 2_000
    assert max(later - before for before, later in pairwise(settled)) <= 240


async def test_a_state_is_seen_with_its_commit_wherever_it_is(folder: Folder) -> None:
    stream = a_stream(120)
    database = await folder.open()
    await fill_log(database, 120)
    checkpoint = SqliteCheckpoint(database, generation_most=30)
    for end in range(10, 120, 10):
        await process(checkpoint, stream, until=end)
        for device, state in expected(stream[:end])[0].states.items():
            assert await SqliteDeviceStates(database).get(DevEui(device)) == state


async def test_without_its_results_the_log_is_computed_anew(folder: Folder) -> None:
    stream = a_stream(50)
    database = await folder.open()
    await fill_log(database, 50)
    await process(SqliteCheckpoint(database), stream)
    folder.kill()
    (folder.path / "stadtfunk.db").unlink()
    await process(SqliteCheckpoint(await folder.open()), stream)
    assert await stored_results(folder.database) == expected(stream)[0]


async def test_without_its_results_work_begins_with_the_oldest_message_held(folder: Folder) -> None:
    database = await folder.open()
    await fill_log(database, 50)
    database.needed_from = 50
    await SqliteUplinkLog(database, keep_bytes=1).append([a_raw_uplink()])
    assert (await SqliteCheckpoint(database).restore(0)).offset == 50


async def test_results_of_another_log_are_not_gone_on_with(folder: Folder) -> None:
    async with opened(folder.path) as database:
        await fill_log(database, 10)
        await process(SqliteCheckpoint(database), a_stream(10))
    (folder.path / "uplinks.db").unlink()
    database = await folder.open()
    await fill_log(database, 100)
    with pytest.raises(WrongShape, match=r"of another log than .*uplinks\.db.*: restore both from one backup, or move"):
        await SqliteCheckpoint(database).restore(0)


async def test_a_log_that_lost_its_end_is_not_gone_on_with(folder: Folder) -> None:
    database = await folder.open()
    await fill_log(database, 10)
    await process(SqliteCheckpoint(database), a_stream(10))
    with database.uplinks.writing() as connection:
        connection.execute("DELETE FROM uplinks")
    with pytest.raises(WrongShape, match="which ends at 0"):
        await SqliteCheckpoint(database).restore(0)


@pytest.mark.parametrize(
    "blob, message", [("05c0", "has version 5, and this program knows 3 and 4"), ("04c0", "cannot be read")]
)
async def test_a_memory_this_version_cannot_read_is_left_alone(folder: Folder, blob: str, message: str) -> None:
    database = await folder.open()
    with database.results.writing() as connection:
        connection.execute("INSERT INTO device_memory VALUES (1, ?, NULL)", (bytes.fromhex(blob),))
    with pytest.raises(WrongShape, match=message):
        await SqliteCheckpoint(database).restore(0)


async def test_the_embedded_platform_has_one_partition(folder: Folder) -> None:
    with pytest.raises(ValueError, match="partition 0 only, not 1"):
        await SqliteCheckpoint(await folder.open()).restore(1)
