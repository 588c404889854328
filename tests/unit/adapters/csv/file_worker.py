"""A process of its own that brings files into a registry, until there are no more, or until it dies.

Run: ``python -m tests.unit.adapters.csv.file_worker SETTINGS`` with the settings as JSON.
"""

import asyncio
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path

import msgspec
from msgspec import Struct

from adapters.csv.row_source import CsvRowSource, CsvSourceSettings
from adapters.csv.work_folder import WorkFolder
from adapters.memory.dead_letters import MemoryDeadLetters
from adapters.memory.observation_store import MemoryObservationStore
from adapters.memory.reading_query import MemoryReadingQuery
from adapters.sqlite.database import SqliteDatabase
from adapters.sqlite.master_data import SqliteMasterData
from adapters.system.clock import SystemClock
from application.connectors import Progress, RowConnector
from application.ports.connector import Rows
from application.reading_import import ReadingImport
from application.record_merge import RecordMerge


class Settings(Struct):
    """What the process is told."""

    folder: str
    registry: str
    point: str = ""
    """Crash point at which it kills itself; empty: none."""
    passing: int = 1
    """The how manieth passing of it."""


class UntilNothingIsNew(CsvRowSource):
    """Comes to its end where the real one would look again."""

    async def receive(self) -> Rows | None:
        rows = await super().receive()
        return rows if rows is not None and rows.token is not None else None


def killer(point: str, passing: int) -> Callable[[str], None]:
    """Return what kills this process at a passing of ``point``."""
    left = passing

    def at(here: str) -> None:
        nonlocal left
        if here == point:
            left -= 1
            if not left:
                os.kill(os.getpid(), signal.SIGKILL)

    return at


async def work(settings: Settings) -> None:
    """Bring all files in."""
    at, clock = killer(settings.point, settings.passing), SystemClock()
    folder = WorkFolder(Path(settings.folder), "devices-csv", pattern="*.csv", stays=False, settle_s=0.0, at=at)
    source = UntilNothingIsNew(CsvSourceSettings(name="devices-csv", what="device", path=Path(settings.folder)), folder)
    async with SqliteDatabase(Path(settings.registry)) as database, source:
        readings = MemoryObservationStore()
        connector = RowConnector(
            "devices-csv",
            source,
            RecordMerge(SqliteMasterData(database), clock),
            ReadingImport(readings, MemoryReadingQuery(readings), clock),
            MemoryDeadLetters(),
            Progress(clock),
            clock,
        )
        await connector.run()


if __name__ == "__main__":
    asyncio.run(work(msgspec.json.decode(sys.argv[1], type=Settings)))
