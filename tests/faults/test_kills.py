"""kill -9, of each process, at moments of chance."""

import asyncio
import random

import pytest

from tests.faults.experiment import Fault, Run, experiment
from tests.faults.results import Results
from tests.faults.share import kills
from tests.faults.target import ROLES, Target

pytestmark = [pytest.mark.faults, pytest.mark.timeout(1_200)]

_PAUSE_S = (0.1, 2.4)
"""Between two kills: some hit a process that still starts, some one that is at work again."""
_RANDOM = Fault("10", "kill -9 at moments of chance", "any role")


async def test_any_role_may_be_killed_at_any_time(distributed: Target, results: Results) -> None:
    async with experiment(distributed, results, _RANDOM) as run:
        await killed(run, ROLES, kills(0.5))


async def test_the_embedded_platform_may_be_killed_at_any_time(embedded: Target, results: Results) -> None:
    async with experiment(embedded, results, Fault("10", "kill -9 at moments of chance", "stadtfunk run")) as run:
        await killed(run, ("run",), kills(0.25))


async def killed(run: Run, names: tuple[str, ...], times: int) -> None:
    """Kill one of ``names`` after the other, by chance, and start it again at once."""
    chance = random.Random(times)
    for number in range(times):
        await asyncio.sleep(chance.uniform(*_PAUSE_S))
        process = run.target[names[number % len(names)]]
        if process.is_running:
            process.killed_and_started()
