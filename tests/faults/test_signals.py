"""SIGTERM, under load and while servers are away, once and twice."""

import asyncio
import signal

import pytest

from tests.faults.experiment import Fault, Run, experiment
from tests.faults.process import Process
from tests.faults.results import Results
from tests.faults.servers import Servers
from tests.faults.target import ROLES, Target
from tests.support.eventually import until

pytestmark = [pytest.mark.faults, pytest.mark.timeout(1_200)]

_ROUNDS = 2
_START_S = 120.0
_IN_HAND_S = 3.0
"""Until each role has something in hand that it cannot finish: else it ends before it is told twice."""
_DRAINS_S = 1.0
_TWICE = 128 + signal.SIGTERM


async def test_every_role_is_restarted_in_turn(distributed: Target, results: Results) -> None:
    async with experiment(distributed, results, Fault("28", "SIGTERM under load, in turn", "every role")) as run:
        for _ in range(_ROUNDS):
            for name in ROLES:
                await _restarted(run, name)


async def test_the_embedded_platform_is_restarted(embedded: Target, results: Results) -> None:
    async with experiment(embedded, results, Fault("28", "SIGTERM under load", "stadtfunk run")) as run:
        for _ in range(2 * _ROUNDS):
            await _restarted(run, "run")


async def test_roles_end_while_kafka_stands_still(distributed: Target, results: Results, servers: Servers) -> None:
    names = ("ingest", "process", "sink")
    fault = Fault("28", "SIGTERM while Kafka stands still", ", ".join(names))
    async with experiment(distributed, results, fault) as run:
        servers.kafka.send(signal.SIGSTOP)
        try:
            codes = await asyncio.gather(*(asyncio.to_thread(distributed[name].end) for name in names))
        finally:
            servers.kafka.send(signal.SIGCONT)
        assert set(codes) <= {0, 69}, codes
        for name in names:
            distributed[name].start()
        await run.goes_on()


async def test_roles_end_while_cassandra_stands_still(distributed: Target, results: Results, servers: Servers) -> None:
    names = ("sink", "serve")
    fault = Fault("28", "SIGTERM while Cassandra stands still", ", ".join(names))
    async with experiment(distributed, results, fault) as run:
        servers.cassandra.send(signal.SIGSTOP)
        try:
            codes = await asyncio.gather(*(asyncio.to_thread(distributed[name].end) for name in names))
        finally:
            servers.cassandra.send(signal.SIGCONT)
        assert set(codes) <= {0, 69}, codes
        for name in names:
            distributed[name].start()
        await run.goes_on()


async def test_a_second_sigterm_ends_roles_at_once(distributed: Target, results: Results, servers: Servers) -> None:
    names = ("ingest", "process", "sink")
    fault = Fault("28", "SIGTERM twice while Kafka stands still", ", ".join(names))
    async with experiment(distributed, results, fault) as run:
        servers.kafka.send(signal.SIGSTOP)
        await asyncio.sleep(_IN_HAND_S)
        try:
            codes = await asyncio.gather(*(_told_twice(distributed[name]) for name in names))
        finally:
            servers.kafka.send(signal.SIGCONT)
        assert set(codes) <= {0, 69, _TWICE}, codes
        assert _TWICE in codes
        for name in names:
            distributed[name].start()
        await run.goes_on()


async def _told_twice(process: Process) -> int:
    """Send SIGTERM, and once more while it drains; return its exit code."""
    process.is_down = True
    process.send(signal.SIGTERM)
    await asyncio.sleep(_DRAINS_S)
    process.send(signal.SIGTERM)
    return await process.ended()


async def _restarted(run: Run, name: str) -> None:
    process = run.target[name]
    assert await asyncio.to_thread(process.end) == 0, process.said()
    starts = process.said().count(_sign(name))
    process.start()
    await until(lambda: process.said().count(_sign(name)) > starts, _START_S)
    await run.goes_on()


def _sign(name: str) -> str:
    """Return what a role says once it works."""
    return "subscribed" if name in ("ingest", "run") else f"{name}: started"
