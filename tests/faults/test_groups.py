"""Partitions change hands in the middle of the work, and an owner that was believed dead wakes up."""

import asyncio
import signal
from pathlib import Path

import pytest

from tests.faults.experiment import Fault, Run, experiment
from tests.faults.process import Process
from tests.faults.results import Results
from tests.faults.target import SESSION_S, Target
from tests.support.eventually import until

pytestmark = [pytest.mark.faults, pytest.mark.timeout(1_200)]

_A_WHILE_S = 4.0
"""Long enough for a rebalance, and for work after it."""
_PAUSE_S = SESSION_S + 6.0
"""The group takes the sleeper's partitions away after its session, and gives them to the other."""
_START_S = 120.0


def another(run: Run, role: str, folder: Path) -> Process:
    """Return a second replica of ``role``, with a place of its own in the group."""
    settings = run.target.config.read_text()
    [ours] = [line for line in settings.splitlines() if line.startswith("instance_id = ")]
    config = folder / f"{role}-2.toml"
    config.write_text(settings.replace(ours, ours[:-1] + '-2"'))
    process = Process(folder, role, "--config", str(config))
    run.more.append(process)
    return process


@pytest.mark.parametrize("role", ["process", "sink"])
async def test_a_replica_joins_leaves_and_dies(
    distributed: Target, results: Results, tmp_path: Path, role: str
) -> None:
    async with experiment(distributed, results, Fault("11", "a replica joins, leaves, joins and dies", role)) as run:
        with another(run, role, tmp_path) as second:
            await _works(second, role)
            assert await asyncio.to_thread(second.end) == 0
            await run.goes_on()
            second.start()
            await _works(second, role, times=2)
            second.down()
            await run.goes_on()


@pytest.mark.parametrize("role", ["process", "sink"])
async def test_an_owner_sleeps_longer_than_its_session_and_wakes_up(
    distributed: Target, results: Results, tmp_path: Path, role: str
) -> None:
    fault = Fault("11", f"an owner sleeps {_PAUSE_S:.0f} s, its partitions go to another, it wakes up", role)
    async with experiment(distributed, results, fault) as run:
        with another(run, role, tmp_path) as second:
            await _works(second, role)
            for _ in range(2):
                distributed[role].send(signal.SIGSTOP)
                await asyncio.sleep(_PAUSE_S)
                distributed[role].send(signal.SIGCONT)
                await asyncio.sleep(_A_WHILE_S)
            assert await asyncio.to_thread(second.end) == 0, second.said()
            await run.goes_on()


async def test_a_loop_that_stands_still_for_less_than_a_session_moves_no_partition(
    distributed: Target, results: Results
) -> None:
    process = distributed["process"]
    async with experiment(distributed, results, Fault("30", "the event loop stands still for 4 s", "process")) as run:
        pid = process.pid
        process.send(signal.SIGSTOP)
        await asyncio.sleep(SESSION_S - 2)
        process.send(signal.SIGCONT)
        await run.goes_on()
        assert process.pid == pid


async def _works(process: Process, role: str, times: int = 1) -> None:
    """Return when ``process`` has started so often, and has had something to do."""
    await until(lambda: process.said().count(f"{role}: started") >= times, _START_S)
    await until(lambda: process.laws().get(role, {}).get("in", 0) > 0, _START_S)
    await asyncio.sleep(_A_WHILE_S)
