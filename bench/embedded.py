"""The embedded pipeline: source, raw log, decoding, accounting, memory, readings, all durable in SQLite.

What a run measures ends when the platform has closed, because until then a part of its rows waits for its tables.
"""

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, closing
from pathlib import Path
from tempfile import TemporaryDirectory

from msgspec import Struct
from msgspec.structs import replace

from application.ingest import Ingest
from application.processing.frame_totals import totalled
from bench.broker import Broker, feed
from bench.checks import Stored, differences, unbalanced
from bench.city import Input, Lot
from bench.drain import QUIET_S, until
from bench.measure import Run, run_between, sample
from stadtfunk.collector import spare_what_stays
from stadtfunk.container.embedded import Embedded
from stadtfunk.settings import DataSettings, Settings

_QUIET_S = 2.0
"""At QoS 0: what has not come so long after the generator ended, the broker has dropped."""
_ROWS = "SELECT count(*), coalesce(sum((SELECT count(*) FROM json_each(readings))), 0) FROM observations"
_LETTERS = "SELECT count(*) FROM dead_letters"


class Plan(Struct, frozen=True):
    """What to measure."""

    scenario: str
    input: Input
    broker: Broker | None
    """None: from a source in the process."""
    servers: dict[str, int]
    """Process ids of those whose processor time is noted."""


def measured(plan: Plan) -> Run:
    """Return one run over a folder of its own, checked."""
    return asyncio.run(_measured(plan))


async def _measured(plan: Plan) -> Run:
    with TemporaryDirectory(prefix="stadtfunk-bench-") as name:
        folder = Path(name)
        first = await run(plan, container(folder), plan.input.first)
        second = await run(plan, container(folder), plan.input.known, plan.broker, known=plan.input.devices)
        dropped = plan.input.known.messages - second.uplinks
        second.mistakes += first.mistakes + await mistakes(folder, plan.input, dropped)
        second.note = f"first frames {first.cpu_us:.1f} µs"
        if plan.broker is not None and not plan.broker.qos:
            second.note += f", {dropped} dropped by the broker"
        elif dropped:
            second.mistakes.append(f"{dropped} messages never came")
        return second


async def run(plan: Plan, platform: Embedded, lot: Lot, broker: Broker | None = None, *, known: int = 0) -> Run:
    """Measure from the first message offered to the last row in its table; ``known`` devices are restored before."""
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(opened(platform))
        processing, assignment = platform.processing(), platform.assignment()
        working = asyncio.create_task(assignment.run(processing.work))
        await until(lambda: processing.frames().devices, known, [working])
        fed = await stack.enter_async_context(feed(lot.path, broker))
        spare_what_stays()
        before = sample(plan.servers)
        ingest = Ingest(fed.source, platform.log())
        taking = asyncio.create_task(ingest.run())
        fed.begin()
        idle_s = await until(
            lambda: processing.counts.came_in,
            lot.messages,
            [working, taking],
            over=fed.is_over,
            quiet_s=_QUIET_S if broker is not None and not broker.qos else QUIET_S,
        )
        ingest.stop()
        await assignment.stop()
        await asyncio.gather(working, taking)
    result = run_between(plan.scenario, processing.counts.came_in, before, sample(plan.servers), idle_s=idle_s)
    result.mistakes = unbalanced({"ingest": ingest.counts, "process": processing.counts})
    return result


def container(folder: Path) -> Embedded:
    """Return the platform over ``folder``, as its settings are without a file of settings."""
    return Embedded(settings=replace(Settings(), data=DataSettings(folder=str(folder))))


@asynccontextmanager
async def opened(platform: Embedded) -> AsyncIterator[None]:
    """Open the files of ``platform``; at the end all rows are in their tables."""
    async with platform.database(), platform.checkpoint():
        yield


async def mistakes(folder: Path, given: Input, dropped: int) -> list[str]:
    """Return what the folder does not hold as it should."""
    platform = container(folder)
    async with opened(platform):
        logged = sum([len(batch.offsets) async for batch in platform.log().replay(0, 2**62)])
        frames = totalled([(await platform.checkpoint().restore(0)).memory])
    with closing(sqlite3.connect(folder / "stadtfunk.db")) as connection:
        observations, readings = connection.execute(_ROWS).fetchone()
        [letters] = connection.execute(_LETTERS).fetchone()
    stored = Stored(logged, observations, readings, letters, frames)
    return differences(given, stored, dropped)
