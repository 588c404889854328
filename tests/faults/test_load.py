"""Ten times as much at once, and the whole raw log read again while the city speaks."""

import asyncio
import time

import pytest

from domain.rfc3339 import format_rfc3339
from tests.e2e.role import Role
from tests.faults.city import City
from tests.faults.experiment import Fault, experiment
from tests.faults.results import Results
from tests.faults.target import Target
from tests.support.eventually import until

pytestmark = [pytest.mark.faults, pytest.mark.timeout(1_200)]

_TEN_TIMES = 2_000.0
_MANY = 8_000
"""Devices: a quarter of the rate, in a second, times the pace of the city."""
_BURST_S = 8.0
_START_S = 120.0
_AGAIN_NS = 30_000_000_000
"""How far before this fault the raw log is read again."""
_JOB_S = 900.0
"""It gives way to the roles, and to all others on the machine."""


async def test_a_burst_of_ten_times_the_load(either: Target, results: Results) -> None:
    fault = Fault("34", f"ten times the load for {_BURST_S:.0f} s", ", ".join(either.processes))
    pids = [process.pid for process in either.processes.values()]
    async with experiment(either, results, fault) as run:
        with City(either.folder, either.broker, rate=_TEN_TIMES, devices=_MANY) as burst:
            await until(burst.speaks, _START_S)
            await asyncio.sleep(_BURST_S)
            run.cities.append(burst)
            await asyncio.to_thread(burst.truth)
        await run.goes_on()
    assert [process.pid for process in either.processes.values()] == pids


async def test_the_raw_log_is_read_again_while_the_city_speaks(distributed: Target, results: Results) -> None:
    since = format_rfc3339(time.time_ns() - _AGAIN_NS)
    words = ("redecode", "--kafka", "--config", str(distributed.config), "--since", since)
    fault = Fault("35", "the newest raw log is decoded again", "stadtfunk redecode, beside all roles")
    async with experiment(distributed, results, fault) as run:
        await run.goes_on(10)
        with Role(distributed.folder, *words) as job:
            assert await asyncio.to_thread(job.wait, _JOB_S) == 0, job.said()
            assert " 0 changed, 0 added, 0 withdrawn" in job.said()
        await run.goes_on()
