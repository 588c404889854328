"""How long processing takes to remember a whole fleet again: after a crash, or when partitions move.

The changelog is what processing itself has written of the fleet's first messages, before any compaction: each device
stands in it about as often as it spoke, which is the most there is to read. In the end the same process stage goes on
with a fleet in its memory.
"""

import asyncio
import os
from collections.abc import Iterator

from msgspec import Struct

from adapters.kafka.checkpoint import Restoration
from bench.checks import differing
from bench.city import Input
from bench.distributed import Plan, ingest, process
from bench.drain import until
from bench.measure import Run, Sample, run_between, sample
from bench.own_process import in_own_process
from bench.place import PARTITIONS, Place
from bench.procfs import resident_mb
from bench.servers import Servers
from bench.yardstick import create, remove
from stadtfunk.collector import spare_what_stays
from stadtfunk.container.distributed import Distributed


class Fleet(Struct, frozen=True):
    """What must be remembered."""

    place: Place
    devices: int
    servers: dict[str, int]


def measured(given: Input, servers: Servers, name: str, runs: int) -> Iterator[Run]:
    """Fill the changelog, then yield restores, and a run of the process stage behind one; all is gone at the end."""
    fleet = Fleet(Place(servers.kafka, "127.0.0.1", 9042, "datacenter1", name), given.devices, servers.pids("kafka"))
    in_own_process(create, fleet.place.settings())
    for stage in (ingest, process):
        in_own_process(stage, Plan(fleet.place, given.first, fleet.servers))
    for _ in range(runs):
        yield in_own_process(restore, fleet)
    in_own_process(ingest, Plan(fleet.place, given.known, fleet.servers))
    run = in_own_process(process, Plan(fleet.place, given.known, fleet.servers))
    run.scenario = f"process, {given.devices:,} devices known"
    yield run
    in_own_process(remove, (fleet.place.settings(), ""))


def restore(fleet: Fleet) -> Run:
    """Take over all partitions, and remember their devices."""
    return asyncio.run(_restore(fleet))


async def _restore(fleet: Fleet) -> Run:
    container = Distributed(settings=fleet.place.settings())
    async with container.producer(), container.consumer():
        checkpoint, assignment = container.checkpoint(), container.assignment()
        begun: list[Sample] = []
        measured = asyncio.Event()

        async def remember(partition: int) -> None:
            begun.append(sample(fleet.servers))
            await checkpoint.restore(partition)
            await measured.wait()

        spare_what_stays()
        working = asyncio.create_task(assignment.run(remember))
        await until(lambda: len(checkpoint.restorations), PARTITIONS, [working])
        after = sample(fleet.servers)
        told, resident = list(checkpoint.restorations.values()), resident_mb(os.getpid())
        measured.set()
        await assignment.stop()
        await working
    run = run_between("restore", fleet.devices, begun[0], after)
    run.note = _said(told, run.wall_s, resident)
    run.mistakes = differing({"devices": (sum(each.devices for each in told), fleet.devices)})
    return run


def _said(told: list[Restoration], wall_s: float, resident: float) -> str:
    records = sum(each.records for each in told)
    slowest = max(each.duration_s for each in told)
    return (
        f"{PARTITIONS} partitions in {wall_s:.1f} s, the slowest in {slowest:.1f} s; {records:,} records;"
        f" {resident:.0f} MB afterwards"
    )
