"""The clock of the host jumps forth and back by an hour."""

import asyncio
from pathlib import Path

import pytest

from tests.faults.experiment import Fault, experiment
from tests.faults.results import Results
from tests.faults.skewed import set_clock
from tests.faults.target import Target

pytestmark = [pytest.mark.faults, pytest.mark.timeout(1_200)]

_HOUR_S = 3_600.0
_A_WHILE_S = 4.0


async def test_the_clock_jumps(either: Target, results: Results, tmp_path: Path) -> None:
    clock = tmp_path / "clock"
    set_clock(clock, 0.0)
    fault = Fault("18", "the clock jumps +1 h, −1 h and back", ", ".join(either.processes))
    async with experiment(either, results, fault) as run:
        for process in either.processes.values():
            process.kill()
            process.start("tests.faults.skewed", str(clock))
        await run.goes_on()
        for offset_s in (_HOUR_S, -_HOUR_S, 0.0):
            set_clock(clock, offset_s)
            await asyncio.sleep(_A_WHILE_S)
            await run.goes_on()
    for process in either.processes.values():  # with the right clock again
        process.killed_and_started()
