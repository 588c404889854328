"""Rows per second into Cassandra: one reading each of the whole fleet, again and again, through our own store.

Two kinds of batches in turn, on one node of our own whose limits are raised, so that it warns of neither: those of the
default, which no node warns of, and larger ones. A node warns in its log, once for each batch: that is why the default
is what it is, and what raising the limits would gain is what this measures.
"""

import asyncio
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import cast

from msgspec import Struct

from adapters.cassandra.batch_limits import LARGEST, BatchLimits
from adapters.cassandra.class_tables import READ, KnownClasses
from adapters.cassandra.observation_store import CassandraObservationStore
from adapters.cassandra.segments import unpacked
from adapters.cassandra.session import CassandraSession
from bench.measure import Run, run_between, sample
from bench.own_process import in_own_process
from bench.place import Place
from bench.procfs import server_at
from domain.identifiers import dev_eui
from domain.observation import DataClass, Observation, register
from stadtfunk.container.distributed import Distributed
from tools.services.cassandra import Cassandra
from tools.services.workspace import workspace

LIMITS = {
    "rows, batches of the default": BatchLimits(),
    "rows, batches of 100 partitions": LARGEST,
}
_CLASS = DataClass.METER_PERSONAL
_AT_ONCE = 4_000
"""Rows of one call of the store: as many as the sink hands over in a backlog."""
_NOON_NS = 1_767_614_400 * 1_000_000_000
_INTERVAL_NS = 900 * 1_000_000_000


class Plan(Struct, frozen=True):
    """One run."""

    scenario: str
    place: Place
    devices: int
    instant: int
    """Which reading of each device it is."""
    servers: dict[str, int]


@contextmanager
def node(*, one_copy: bool) -> Iterator[Place]:
    """Yield a node of our own with raised limits."""
    with workspace() as folder, Cassandra(folder, one_copy=one_copy) as cassandra:
        yield Place("", cassandra.host, cassandra.port, cassandra.datacenter, "bench_rows")


def measured(devices: int, rounds: int, *, one_copy: bool) -> Iterator[Run]:
    """Yield a run with each kind of batches, round by round; a first round warms the node up and is not told."""
    with node(one_copy=one_copy) as place:
        in_own_process(_create, place)
        pid = server_at(place.cassandra_port)
        servers = {"cassandra": pid} if pid else {}
        instant = 0
        for number in range(rounds + 1):
            for scenario in LIMITS:
                run = in_own_process(_measured, Plan(scenario, place, devices, instant, servers))
                instant += 1
                if number:
                    yield run


def _create(place: Place) -> None:
    asyncio.run(Distributed(settings=place.settings()).cassandra_migration().migrate())


def _measured(plan: Plan) -> Run:
    return asyncio.run(_write(plan))


async def _write(plan: Plan) -> Run:
    container = Distributed(settings=plan.place.settings())
    batches = [list(_readings(plan, first)) for first in range(0, plan.devices, _AT_ONCE)]
    async with CassandraSession(container.cluster(), LIMITS[plan.scenario]) as session:
        store = CassandraObservationStore(session)
        before = sample(plan.servers)
        for batch in batches:
            await store.write(batch)
        run = run_between(plan.scenario, plan.devices, before, sample(plan.servers))
        run.note = await _partitions(session, plan)
        return run


async def _partitions(session: CassandraSession, plan: Plan) -> str:
    """Return how many observations the partitions by class have, in which the readings of this instant lie."""
    event_ns = _event_ns(plan.instant)
    layout = (await KnownClasses(session).current(0.0)).layouts(_CLASS).of(event_ns)
    place = layout.start_s(event_ns)
    found: list[int] = []
    rows = 0
    for shard in range(layout.shards):
        bodies = [body for _, body in await session.read(READ[_CLASS], place, shard, event_ns + 1)]
        found.append(sum(len(unpacked(cast("bytes", body))) for body in bodies))
        rows += len(bodies)
    in_all = f"{sum(found):,} in all, in {rows:,} segments"
    return f"{layout.shards} partitions by class of {min(found):,} to {max(found):,} observations ({in_all})"


def _event_ns(instant: int) -> int:
    return _NOON_NS + instant * _INTERVAL_NS


def _readings(plan: Plan, first: int) -> Iterator[Observation]:
    """Yield one register of each of some devices."""
    event_ns, now_us = _event_ns(plan.instant), time.time_ns() // 1_000
    for number in range(first, min(first + _AT_ONCE, plan.devices)):
        readings = (register("electricity.energy.active.import", "", 1_000_000 + plan.instant, -4),)
        yield Observation(
            dev_eui(f"02{number:014x}"), event_ns, now_us, readings, device_type="imst_ioke868", source="city"
        )
