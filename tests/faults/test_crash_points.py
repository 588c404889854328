"""kill -9 between any two steps: each process dies at each of its crash points while the city speaks."""

import asyncio
import signal

import pytest

from tests.faults.dying import BY_ROLE
from tests.faults.experiment import Fault, Run, experiment
from tests.faults.results import Results
from tests.faults.target import Target

pytestmark = [pytest.mark.faults, pytest.mark.timeout(1_200)]

_PASSINGS = (1, 4)
"""In the very first batch after a start, and in the middle of the work."""
_DEATH_S = 180.0


async def test_every_role_may_die_at_each_of_its_points(distributed: Target, results: Results) -> None:
    to = "ingest, process and sink"
    async with experiment(distributed, results, Fault("10", "kill -9 at each crash point", to)) as run:
        await asyncio.gather(*(_dies_at_each_point(run, role) for role in ("ingest", "process", "sink")))


async def test_the_embedded_platform_may_die_at_each_of_its_points(embedded: Target, results: Results) -> None:
    to = "stadtfunk run"
    async with experiment(embedded, results, Fault("10", "kill -9 at each crash point", to)) as run:
        await _dies_at_each_point(run, "run")


async def _dies_at_each_point(run: Run, role: str) -> None:
    process = run.target[role]
    process.down()
    for point in BY_ROLE[role]:
        for passing in _PASSINGS:
            process.start("tests.faults.dying", point, str(passing))
            assert await process.ended(_DEATH_S) == -signal.SIGKILL, point
    process.start()
