"""A platform to be killed: takes a stream into the log, processes it, and says what it acknowledged.

Runs in a process of its own. Its source is a stream that anybody can make again (``a_stream``); the body of a raw
message is its number in it, so the log itself tells what was appended.
"""

import asyncio
import os
import signal
from collections.abc import Callable
from multiprocessing.connection import Connection
from pathlib import Path

from adapters.sqlite.checkpoint import SqliteCheckpoint
from adapters.sqlite.database import SqliteDatabase
from adapters.sqlite.uplink_log import SqliteUplinkLog
from application.ingest import Ingest
from application.ports.uplink_log import RawUplink
from application.ports.uplink_source import Delivery
from application.processing.processing import Processing
from domain.identifiers import DevEui
from domain.radio import Message
from tests.contract.stream import STEP, a_stream
from tests.support.clock import FakeClock

STREAM = a_stream(1_200)
POINTS = ("batch_written", "batch_durable", "results_written", "slice_written", "position_written", "committed")
GENERATION = 60
_SIZES = (1, 13, 4, 40, 7)
"""Of the batches it appends, one after the other."""


class NumberReader:
    """Reads the envelope of a message of the stream: its number says which it is."""

    def dev_eui(self, raw: RawUplink) -> DevEui | None:
        """Nobody asks."""
        raise NotImplementedError

    def read(self, raw: RawUplink) -> Message:
        """Return what the message says."""
        return STREAM[int(raw.body)][1]


class StreamSource:
    """Gives the stream from the first number that was not acknowledged; reports every acknowledgement."""

    def __init__(self, following: int, acknowledged: Connection) -> None:
        self._following = following
        self._acknowledged = acknowledged
        self._turn = 0

    async def receive(self) -> Delivery | None:
        """Return the next few messages."""
        await asyncio.sleep(0)  # processing has its turn
        size = _SIZES[self._turn % len(_SIZES)]
        self._turn += 1
        uplinks = [raw for raw, _ in STREAM[self._following : self._following + size]]
        self._following += len(uplinks)
        return Delivery(uplinks) if uplinks else None

    async def acknowledge(self, delivery: Delivery) -> None:
        """Tell how far all is durable."""
        self._acknowledged.send(int(delivery.uplinks[-1].body) + 1)

    def stop(self) -> None:
        """Nobody stops us: the stream ends by itself."""


def run(folder: Path, source: int, point: str, after: int, acknowledged: Connection) -> None:
    """Take the stream in from ``source`` on and process it, until killed or done."""
    asyncio.run(_run(folder, StreamSource(source, acknowledged), kill_at(point, after)))


async def _run(folder: Path, source: StreamSource, at: Callable[[str], None]) -> None:
    async with SqliteDatabase(folder) as database:
        log = SqliteUplinkLog(database, at=at)
        async with SqliteCheckpoint(database, generation_most=GENERATION, at=at) as checkpoint:
            processing = Processing(log, NumberReader(), STEP, checkpoint, FakeClock())
            working = asyncio.create_task(processing.work(0))
            await Ingest(source, log).run()
            log.release()
            await working


def kill_at(point: str, after: int) -> Callable[[str], None]:
    """Return a hook that kills this process when ``point`` was passed ``after`` times."""
    left = [after]

    def at(name: str) -> None:
        if name == point:
            left[0] -= 1
            if left[0] < 0:
                os.kill(os.getpid(), signal.SIGKILL)

    return at
