"""A process of its own that writes results to files, until all there are stand in them, or until it dies.

Run: ``python -m tests.integration.kafka.file_sink SETTINGS`` with the settings as JSON.
"""

import asyncio
import os
import resource
import signal
import sys
from collections.abc import Callable
from pathlib import Path

import msgspec
from msgspec import Struct

from adapters.csv.result_store import CsvResultStore, CsvSinkSettings
from adapters.kafka import derived_feed
from adapters.kafka.connection import KafkaConnection
from adapters.kafka.derived_feed import KafkaDerivedFeed
from adapters.memory.dead_letters import MemoryDeadLetters
from adapters.system.clock import SystemClock
from application.connectors import Progress, ResultConnector
from application.errors import Unavailable
from tests.integration.kafka.clients import topics_named

NAME = "water-csv"


class Settings(Struct):
    """What the process is told."""

    bootstrap: str
    suffix: str
    partitions: int
    folder: str
    ends: dict[str, int]
    """Where each stretch of the log ends."""
    point: str = ""
    """Crash point at which it kills itself; empty: none."""
    passing: int = 1
    """The how manieth passing of it."""
    most_bytes: int = 0
    """Of a file, by the system's limit; 0: none."""


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
    """Write until the end, in several batches."""
    derived_feed._MOST = 1_000
    topics = topics_named(settings.suffix, partitions=settings.partitions)
    connection, clock = KafkaConnection(bootstrap=settings.bootstrap), SystemClock()
    sink = CsvSinkSettings(name=NAME, what="water", folder=Path(settings.folder))
    async with CsvResultStore(sink, clock, at=killer(settings.point, settings.passing)) as store:
        feed = KafkaDerivedFeed(
            connection,
            topics,
            f"files-{settings.suffix}",
            reads=[topics.observations],
            instance_id="files-0",
            session_timeout_s=10.0,
            place=store.place,
        )
        async with feed:
            connector = ResultConnector(feed, store, MemoryDeadLetters(), Progress(clock))
            running = asyncio.create_task(connector.run())
            while not running.done() and any((store.place(each) or 0) < end for each, end in settings.ends.items()):
                await asyncio.sleep(0.02)
            await connector.stop()
            await running


if __name__ == "__main__":
    asked = msgspec.json.decode(sys.argv[1], type=Settings)
    if asked.most_bytes:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (asked.most_bytes, asked.most_bytes))
    try:
        asyncio.run(work(asked))
    except Unavailable as error:
        sys.stderr.write(error.message)
        sys.exit(69)
