"""A node of Cassandra that has served for a while, before any clock runs.

One that was just started costs three times as much for each row: its compiler finds out what is hot in the course of a
million rows, and no operator's node is ever measured in its first minutes. So rows of all kinds that the sink writes go
through our own stores, until the compiler has little left to do.
"""

import asyncio
import time
from collections.abc import Sequence
from random import Random

from msgspec import Struct

from adapters.cassandra.device_states import CassandraDeviceStates
from adapters.cassandra.loss_days import CassandraLossDays
from adapters.cassandra.observation_store import CassandraObservationStore
from adapters.cassandra.session import CassandraSession
from bench.measure import per_uplink
from bench.own_process import in_own_process
from bench.place import Place, commit_log, drop_keyspace
from bench.procfs import compiling_time, process_time
from bench.servers import Servers
from domain.device import DeviceState, FrameSummary, LatestValue
from domain.identifiers import dev_eui
from domain.observation import Observation, Reading, register, state
from domain.radio import LossDay
from stadtfunk.container.distributed import Distributed

_FLEET = 185_000
_ROUND = 10_000
"""Uplinks between two looks: some 32,000 rows, and 5 s of a node's processor time."""
_AT_ONCE = 250
"""Of one call of the stores: 100 ms of a large city at its busiest."""
_WARM = 0.1
"""Share of the node's processor time that its compiler takes at most, twice in turn, once it is warm."""
_IN_TURN = 2
_MOST_S = 240.0
_NOON_NS = 1_767_614_400 * 1_000_000_000


class Plan(Struct, frozen=True):
    """Where to write, and whose processor time to look at."""

    place: Place
    node: int


def warm(servers: Servers, name: str) -> str:
    """Write until the node is warm, in a keyspace of our own, and return what was done, for the report."""
    node = servers.pids("cassandra").get("cassandra")
    if node is None:
        return "Cassandra is on another machine: it was not warmed up"
    return in_own_process(_warmed, Plan(Place(servers.kafka, *servers.cassandra, f"{name}_warm"), node))


def is_warm(shares: Sequence[float]) -> bool:
    """Say whether the compiler's share of the last rounds was small."""
    return len(shares) >= _IN_TURN and max(shares[-_IN_TURN:]) <= _WARM


def _warmed(plan: Plan) -> str:
    return asyncio.run(_write(plan))


async def _write(plan: Plan) -> str:
    container = Distributed(settings=plan.place.settings())
    await container.cassandra_migration().migrate()
    costs: list[float] = []
    shares: list[float] = []
    began = time.monotonic()
    async with CassandraSession(container.cluster()) as session:
        while not is_warm(shares) and time.monotonic() - began < _MOST_S:
            spent_s, compiling_s = process_time(plan.node), compiling_time(plan.node)
            await _round(session, len(costs))
            spent_s, compiling_s = process_time(plan.node) - spent_s, compiling_time(plan.node) - compiling_s
            costs.append(per_uplink(spent_s, _ROUND))
            shares.append(compiling_s / spent_s)
    flushed = commit_log(plan.place)
    drop_keyspace(plan.place)
    course = ", ".join(f"{cost:.0f}" for cost in costs)
    told = f"Cassandra was warmed up by {len(costs) * _ROUND:,} meters' uplinks of {course} µs (round by round)"
    compiled = f"its compiler took {shares[0]:.0%} of the first, {shares[-1]:.0%} of the last"
    return f"{told}; {compiled}; commitlog_sync: {flushed}"


async def _round(session: CassandraSession, number: int) -> None:
    observations, states, losses = _stores(session)
    random = Random(number)  # noqa: S311  no secret
    for first in range(0, _ROUND, _AT_ONCE):
        numbers = [random.randrange(_FLEET) for _ in range(_AT_ONCE)]
        at_ns = _NOON_NS + (number * _ROUND + first) * 400_000
        said = [_observation(device, at_ns + place) for place, device in enumerate(numbers)]
        await asyncio.gather(
            observations.write(said),
            states.write([_state(each) for each in said]),
            losses.write([_losses(each) for each in said]),
        )


def _stores(session: CassandraSession) -> tuple[CassandraObservationStore, CassandraDeviceStates, CassandraLossDays]:
    return CassandraObservationStore(session), CassandraDeviceStates(session), CassandraLossDays(session)


def _observation(number: int, event_ns: int) -> Observation:
    readings = (
        register("electricity.energy.active.import", "1.8.0", 1_000_000 + event_ns % 1_000_000, -4),
        register("electricity.energy.active.export", "2.8.0", event_ns % 1_000_000, -4),
        state("meter.connected", "", value=True),
    )
    written_us = event_ns // 1_000
    name = dev_eui(f"03{number:014x}")
    return Observation(name, event_ns, written_us, readings, "device", 1_000, "imst_ioke868", "imst_ioke868@1", "city")


def _state(said: Observation) -> DeviceState:
    latest = tuple(_latest(said, each) for each in said.readings)
    name, frames = said.dev_eui, (FrameSummary("city", 100, 2, 1, 0, 0, 0, 0, 0, 1, 103),)
    return DeviceState(name, said.written_us, said.device_type, "meters", name, said.event_ns, frames, latest)


def _latest(said: Observation, reading: Reading) -> LatestValue:
    return LatestValue(reading.measurand, reading.channel, said.event_ns, reading.value, reading.exponent)


def _losses(said: Observation) -> LossDay:
    return LossDay(said.dev_eui, said.event_ns // 86_400_000_000_000, "city", said.written_us, 96, 2)
