"""The Cassandra node stands still, dies and comes back."""

import asyncio
import signal

import pytest

from tests.faults.experiment import Fault, experiment
from tests.faults.results import Results
from tests.faults.servers import Servers
from tests.faults.target import Target

pytestmark = [pytest.mark.faults, pytest.mark.timeout(1_200)]

_HANG_S = 40.0
"""Longer than a write may take with all its repeats: the sink must end, and be started again."""
_SHORT_S = 10.0
"""Longer than a request, shorter than a write: nobody may end."""
_TO = "the node behind sink and serve"


async def test_a_node_stands_still_for_a_while(distributed: Target, results: Results, servers: Servers) -> None:
    fault = Fault("6", f"Cassandra stands still for {_SHORT_S:.0f} s", _TO)
    async with experiment(distributed, results, fault) as run:
        await _stands_still(servers, _SHORT_S)
        await run.goes_on()
    assert not results.rows[-1].codes


async def test_a_node_stands_still_for_long(distributed: Target, results: Results, servers: Servers) -> None:
    fault = Fault("6", f"Cassandra stands still for {_HANG_S:.0f} s", _TO)
    async with experiment(distributed, results, fault) as run:
        await _stands_still(servers, _HANG_S)
        await run.goes_on()


async def test_a_node_is_killed_and_comes_back(distributed: Target, results: Results, servers: Servers) -> None:
    async with experiment(distributed, results, Fault("6", "Cassandra is killed and restarts", _TO)) as run:
        servers.cassandra.kill()
        await servers.start(servers.cassandra)
        await run.goes_on()


async def _stands_still(servers: Servers, seconds: float) -> None:
    servers.cassandra.send(signal.SIGSTOP)
    try:
        await asyncio.sleep(seconds)
    finally:
        servers.cassandra.send(signal.SIGCONT)
