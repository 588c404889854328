"""A process killed at any point: whatever it acknowledged is in the log, and what comes out is as if never killed.

The oracle computes everything anew from what the log holds.
"""

import asyncio
import multiprocessing
import signal
from collections.abc import Sequence
from multiprocessing.connection import Connection
from pathlib import Path
from random import Random

import pytest

from adapters.sqlite.checkpoint import SqliteCheckpoint
from adapters.sqlite.uplink_log import SqliteUplinkLog
from application.ports.uplink_log import RawUplink
from application.processing.batch import Batch
from application.processing.processing import Processing
from tests.contract.stream import STEP, results_of
from tests.support.clock import FakeClock
from tests.support.eventually import eventually, soon
from tests.unit.adapters.sqlite.folder import logged, opened, stored_results
from tests.unit.adapters.sqlite.victim import GENERATION, POINTS, STREAM, NumberReader, run

_FORK = multiprocessing.get_context("fork")
_DEADLINE_S = 30.0
_FOR_EVER = 10**9


class Victims:
    """Processes over one folder, one after the other, and what they acknowledged to their source."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.acknowledged = 0
        self.exit_codes: list[int | None] = []

    def run(self, point: str = "never", after: int = 0, patience: int = _FOR_EVER) -> None:
        """Run one until it kills itself at ``point``, or is killed after ``patience`` acknowledgements, or is done."""
        ours, theirs = _FORK.Pipe(duplex=False)
        victim = _FORK.Process(target=run, args=(self.folder, self.acknowledged, point, after, theirs))
        victim.start()
        theirs.close()
        if self._listen(ours, patience):
            victim.kill()
        victim.join(_DEADLINE_S)
        self.exit_codes.append(victim.exitcode)
        victim.close()
        ours.close()

    def _listen(self, ours: Connection, patience: int) -> bool:
        """Note what is acknowledged; say whether patience ended before the process did."""
        while patience > 0:
            try:
                self.acknowledged = ours.recv()
            except EOFError:
                return False
            patience -= 1
        while ours.poll():  # acknowledged before the kill
            try:
                self.acknowledged = ours.recv()
            except EOFError:
                return False
        return True


async def check(victims: Victims) -> None:
    """Let a last process finish, and compare all there is with a fresh computation."""
    async with opened(victims.folder) as database:
        held = await logged(database)
        assert set(range(victims.acknowledged)) <= {int(raw.body) for raw in held}
        log = SqliteUplinkLog(database)
        async with SqliteCheckpoint(database, generation_most=GENERATION) as checkpoint:
            processing = Processing(log, NumberReader(), STEP, checkpoint, FakeClock())
            to_read = len(held) - database.needed_from

            async def read() -> int:
                return processing.counts.came_in

            working = asyncio.create_task(processing.work(0))
            await eventually(read, to_read)
            log.release()
            await soon(working)
            assert await stored_results(database) == fresh(held)


def fresh(held: Sequence[RawUplink]) -> object:
    """Return what the log makes, computed in one go."""
    messages = [NumberReader().read(raw) for raw in held]
    outcome = STEP.process(Batch(0, range(len(held)), held, messages), {})
    return results_of(outcome.observations, outcome.states, outcome.devices, outcome.dead_letters, outcome.losses)


@pytest.mark.parametrize("point", POINTS)
def test_killed_at_a_named_point_again_and_again(tmp_path: Path, point: str) -> None:
    victims = Victims(tmp_path)
    for after in (0, 1, 7, 2):
        victims.run(point, after)
    assert victims.exit_codes == 4 * [-signal.SIGKILL]
    assert 0 < victims.acknowledged < len(STREAM)
    asyncio.run(check(victims))


@pytest.mark.parametrize("seed", range(4))
def test_killed_from_outside_at_random_moments(tmp_path: Path, seed: int) -> None:
    random, victims = Random(seed), Victims(tmp_path)
    while victims.acknowledged < len(STREAM):
        victims.run(patience=random.randrange(1, 25))
    assert victims.exit_codes.count(-signal.SIGKILL) >= 3
    asyncio.run(check(victims))


def test_never_killed_nothing_is_left_to_do(tmp_path: Path) -> None:
    victims = Victims(tmp_path)
    victims.run()
    assert victims.exit_codes == [0]
    assert victims.acknowledged == len(STREAM)
    asyncio.run(check(victims))
