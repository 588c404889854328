"""The storage of a test, the processes that open it one after the other, and what is stored in it."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TypeVar

from adapters.sqlite.database import SqliteDatabase
from adapters.sqlite.dead_letters import SqliteDeadLetters
from adapters.sqlite.device_registry import SqliteDeviceRegistry
from adapters.sqlite.device_states import SqliteDeviceStates
from adapters.sqlite.loss_days import SqliteLossDays
from adapters.sqlite.reading_query import SqliteReadingQuery
from adapters.sqlite.uplink_log import SqliteUplinkLog
from application.errors import NotFound
from application.ports.reading_query import ReadingFilter
from application.ports.uplink_log import LoggedUplinks, RawUplink
from domain.device import DeviceState
from domain.identifiers import DevEui
from domain.observation import Value
from tests.contract.stream import Cell, Results, newest_losses

T = TypeVar("T")
_DAYS = 20_450, 20_460
"""Around that of the builders."""
EVER = ReadingFilter(-(2**62), 2**62)


class Folder:
    """A folder, and the process that has it open."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.database = SqliteDatabase(path)

    async def open(self) -> SqliteDatabase:
        """Start a process in the place of the one before."""
        self.kill()
        self.database = SqliteDatabase(self.path)
        return await self.database.__aenter__()

    def kill(self) -> None:
        """End the process where it stands: an open transaction is lost, nothing else is written."""
        self.database._close()


@asynccontextmanager
async def opened(path: Path) -> AsyncIterator[SqliteDatabase]:
    """Open a folder as a process that ends in good order."""
    async with SqliteDatabase(path) as database:
        yield database


async def logged(database: SqliteDatabase) -> list[RawUplink]:
    """Return all that the log holds."""
    log, held = SqliteUplinkLog(database), list[RawUplink]()
    batch: LoggedUplinks
    async for batch in log.replay(-(2**62), 2**62):
        held.extend(batch.uplinks)
    return held


async def stored_results(database: SqliteDatabase) -> Results:
    """Return what the ports say is stored."""
    devices = {device.dev_eui: device for device in await SqliteDeviceRegistry(database).page(size=1_000)}
    readings = await stored_readings(database)
    states = {device: state for device in devices if (state := await _state(database, device)) is not None}
    letters = await SqliteDeadLetters(database).list(limit=10_000)
    rows = [row for device in devices for row in await SqliteLossDays(database).of_device(device, *_DAYS)]
    return Results(
        readings,
        _by_eui(states),
        _by_eui(devices),
        {letter.letter_id: letter for letter in letters},
        newest_losses(rows),
    )


async def stored_readings(database: SqliteDatabase) -> dict[Cell, tuple[int, Value]]:
    """Return the readings of all devices that are registered, each of which comes once."""
    devices = [device.dev_eui for device in await SqliteDeviceRegistry(database).page(size=1_000)]
    readings: dict[Cell, tuple[int, Value]] = {}
    async for chunk in SqliteReadingQuery(database).stream(devices, EVER):
        for each in chunk:
            cell = (each.dev_eui, each.event_ns, each.reading.measurand, each.reading.channel)
            assert cell not in readings, "a reading came twice"
            readings[cell] = (each.written_us, each.reading.value)
    return readings


def _by_eui(things: Mapping[DevEui, T]) -> dict[str, T]:
    return {str(device): thing for device, thing in things.items()}


async def _state(database: SqliteDatabase, device: DevEui) -> DeviceState | None:
    try:
        return await SqliteDeviceStates(database).get(device)
    except NotFound:
        return None
