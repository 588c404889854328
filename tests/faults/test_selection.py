"""Some of the faults, one after the other, in the time that each change may take; `make faults` does them all."""

import asyncio
import signal

import pytest

from tests.faults.experiment import Fault, experiment
from tests.faults.results import Results
from tests.faults.servers import Servers
from tests.faults.target import ROLES, SESSION_S, Target
from tests.faults.test_kills import killed
from tests.faults.test_mosquitto import killed_with_backlog

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(900)]

_KILLS = 8
_HANG_S = 8.0
"""Longer than a request to Cassandra, and than the session of a group's member."""
assert _HANG_S > SESSION_S


async def test_the_distributed_platform_outlives_its_roles_and_servers(
    distributed: Target, results: Results, servers: Servers
) -> None:
    async with experiment(distributed, results, Fault("10", "a selection of faults", "all roles and servers")) as run:
        await killed(run, ROLES, _KILLS)
        await run.goes_on()
        await killed_with_backlog(run, servers, "ingest")
        for send in (servers.cassandra.send, distributed["process"].send):
            send(signal.SIGSTOP)
            await asyncio.sleep(_HANG_S)
            send(signal.SIGCONT)
            await run.goes_on()
        servers.kafka.kill()
        await servers.start(servers.kafka)
        await run.goes_on()


async def test_the_embedded_platform_outlives_its_kills(embedded: Target, results: Results, servers: Servers) -> None:
    async with experiment(embedded, results, Fault("10", "a selection of faults", "stadtfunk run")) as run:
        await killed(run, ("run",), _KILLS)
        await killed_with_backlog(run, servers, "run")
