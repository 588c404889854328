"""What processing remembers of a device can be looked at, from the same process and from another one."""

from collections.abc import AsyncIterator, Sequence
from pathlib import Path

import pytest

from adapters.sqlite.checkpoint import SqliteCheckpoint
from adapters.sqlite.database import SqliteDatabase
from adapters.sqlite.device_memories import SqliteDeviceMemories
from application.processing.outcome import Outcome
from domain.device import Device, DeviceMemory
from tests.contract.device_memories import DeviceMemoriesContract, Remembering
from tests.support.builders import DEV

MEMORY = DeviceMemory(4, Device(DEV, 1))


async def remembered(folder: Path) -> None:
    """Process something that leaves a memory, and end."""
    async with SqliteDatabase(folder) as database, SqliteCheckpoint(database) as checkpoint:
        await checkpoint.restore(0)
        checkpoint.take(0, Outcome(memory={DEV: MEMORY}))
        await checkpoint.commit(0, 5)
        assert await SqliteDeviceMemories(database).get(DEV) == MEMORY


async def test_a_memory_is_seen_at_once_in_its_process_and_later_in_others(tmp_path: Path) -> None:
    await remembered(tmp_path)
    async with SqliteDatabase(tmp_path, read_only=True) as database:
        assert await SqliteDeviceMemories(database).get(DEV) == MEMORY


async def committed(folder: Path, memories: Sequence[DeviceMemory]) -> None:
    """Process what leaves ``memories``, and end."""
    async with SqliteDatabase(folder) as database, SqliteCheckpoint(database) as checkpoint:
        await remember(checkpoint, memories)


async def remember(checkpoint: SqliteCheckpoint, memories: Sequence[DeviceMemory]) -> None:
    """Process what leaves ``memories``."""
    await checkpoint.restore(0)
    checkpoint.take(0, Outcome(memory={each.device.dev_eui: each for each in memories}))
    await checkpoint.commit(0, 5)


class TestInTheirTable(DeviceMemoriesContract):
    @pytest.fixture
    async def remembering(self, tmp_path: Path) -> AsyncIterator[Remembering]:
        database = SqliteDatabase(tmp_path, read_only=True)

        async def looked_at(memories: Sequence[DeviceMemory]) -> SqliteDeviceMemories:
            await committed(tmp_path, memories)
            await database.__aenter__()
            return SqliteDeviceMemories(database)

        yield looked_at
        await database.__aexit__(None, None, None)


class TestOnTheirWayThere(DeviceMemoriesContract):
    @pytest.fixture
    async def remembering(self, tmp_path: Path) -> AsyncIterator[Remembering]:
        async with SqliteDatabase(tmp_path) as database, SqliteCheckpoint(database) as checkpoint:

            async def looked_at(memories: Sequence[DeviceMemory]) -> SqliteDeviceMemories:
                await remember(checkpoint, memories)
                return SqliteDeviceMemories(database)

            yield looked_at
