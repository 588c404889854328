"""What processing remembers of a device can be looked at, from the same process and from another one."""

from pathlib import Path

import pytest

from adapters.sqlite.checkpoint import SqliteCheckpoint
from adapters.sqlite.database import SqliteDatabase
from adapters.sqlite.device_memories import SqliteDeviceMemories
from application.errors import NotFound
from application.processing.outcome import Outcome
from domain.device import Device, DeviceMemory
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


async def test_of_an_unknown_device_nothing_is_remembered(tmp_path: Path) -> None:
    await remembered(tmp_path)
    async with SqliteDatabase(tmp_path, read_only=True) as database:
        with pytest.raises(NotFound):
            await SqliteDeviceMemories(database).get(type(DEV)("00000000000000ff"))
