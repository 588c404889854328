"""One fault, one city, one platform: start the city, let the fault happen, wait, compare with the truth."""

import asyncio
import time
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from msgspec import Struct

from tests.e2e.truth import Truth
from tests.faults.availability import Watch
from tests.faults.city import DEVICES, RATE, City
from tests.faults.oracles import Question, judged
from tests.faults.process import Process
from tests.faults.results import Result, Results
from tests.faults.target import Target
from tests.support.eventually import until

_FIRST_S = 120.0
_AGAIN_S = 240.0
"""For servers and four processes to come back on a busy machine."""


class Fault(Struct, frozen=True):
    """What is done."""

    number: str
    """In the list of faults in docs/reliability.md."""
    what: str
    to: str
    loses: bool = False
    """Something is lost before it can reach us."""


class Run:
    """An experiment while its fault happens."""

    def __init__(self, target: Target, city: City, watch: Watch) -> None:
        self.target = target
        self.city = city
        self.watch = watch
        self.more: list[Process] = []
        """Processes beside those of the platform."""
        self.cities = [city]
        """All that speak."""
        self.apart: set[str] = set()
        """Topics of messages that are no city's: their dead letters are the test's own affair."""

    async def goes_on(self, rows: int = 3) -> None:
        """Return when rows are written again."""
        enough = self.watch.rows.successes + rows
        await until(lambda: self.watch.rows.successes >= enough, _AGAIN_S)

    def truth(self) -> Truth:
        """Stop the cities, and return what was true of all of them."""
        truth = Truth()
        for city in self.cities:
            told = city.truth()
            truth.readings += told.readings
            truth.poison += told.poison
            truth.devices |= told.devices
        return truth


@asynccontextmanager
async def experiment(
    target: Target, results: Results, fault: Fault, *, rate: float = RATE, devices: int = DEVICES
) -> AsyncIterator[Run]:
    """Let a city speak, do what stands in the ``with``, let it speak on; then nothing may be amiss.

    Raises:
        AssertionError: an oracle says no, or a process ended as it should not; the result stands in the table too.
    """
    letters_before = {letter.letter_id for letter in await target.letters()}
    kills, codes = _ends(target)
    watch = target.watch()
    city = City(target.folder, target.broker, rate=rate, devices=devices, repeats=not fault.loses)
    run = Run(target, city, watch)
    row = Result(fault.number, fault.what, fault.to, readings="the experiment did not come to its end")
    with city:
        try:
            async with watch(), _supervised(target):
                await until(lambda: watch.rows.successes > 0, _FIRST_S)
                yield run
                await run.goes_on()
                truth = await asyncio.to_thread(run.truth)
                ended_s = time.monotonic()
                verdicts = await judged(target, Question(truth, letters_before, run.apart, fault.loses), watch)
                row.readings, row.frames = verdicts.readings, verdicts.frames
                row.balance, row.letters = verdicts.balance, verdicts.letters
                row.uplinks = _uplinks(truth)
                row.done_after_s = max(0.0, watch.rows.last_s - ended_s)
        except BaseException:
            target.is_spoilt = True
            raise
        finally:
            kills_after, codes_after = _ends(target)
            row.kills = kills_after - kills + sum(each.kills for each in run.more)
            row.codes = {str(code): times for code, times in (codes_after - codes).items()}
            row.no_row_s, row.no_answer_s = watch.rows.longest_s, watch.answers.longest_s
            results.add(row)
    target.is_spoilt = not verdicts.all_hold
    assert verdicts.all_hold, verdicts


@asynccontextmanager
async def _supervised(target: Target) -> AsyncIterator[None]:
    """Start processes again as a supervisor would; one that should not have ended as it did ends the experiment."""
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(each.supervise()) for each in target.processes.values()]
        yield
        for task in tasks:
            task.cancel()


def _ends(target: Target) -> tuple[int, Counter[int]]:
    codes: Counter[int] = Counter()
    for each in target.processes.values():
        codes += each.codes
    return sum(each.kills for each in target.processes.values()), codes


def _uplinks(truth: Truth) -> int:
    return sum(device.received + device.duplicate for device in truth.devices.values())
