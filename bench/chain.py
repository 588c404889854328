"""The distributed platform at work as a whole: ingest, process and sink, each a process of its own, side by side.

Each has a session of its own too, as the servers have: by these Linux shares out processors that are in demand
(``sched(7)``, autogroup), as it does by containers. In one session all roles together would get what Cassandra gets.
"""

import asyncio
import os
import time
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import AsyncExitStack, contextmanager
from multiprocessing import get_context
from multiprocessing.context import SpawnProcess
from multiprocessing.sharedctypes import Synchronized
from multiprocessing.synchronize import Event
from pathlib import Path

from msgspec import Struct

from application.ingest import Ingest
from bench.broker import Broker, feed
from bench.drain import until
from bench.measure import Run, Sample, per_uplink, run_between
from bench.procfs import peak_mb, process_time
from bench.stored_rows import NOWHERE, TimedObservationStore
from stadtfunk.collector import spare_what_stays
from stadtfunk.container.distributed import Distributed
from stadtfunk.settings import Settings

_SPAWN = get_context("spawn")
_LOOK_S = 0.05
_START_S = 60.0
_QUIET_S = 60.0
"""So long without any progress, and nothing more will come."""


class Task(Struct, frozen=True):
    """What a role is told."""

    settings: Settings
    lot: Path
    broker: Broker | None = None
    delays: str = NOWHERE
    """Where the sink writes how long each row took; empty: nowhere."""


class Role:
    """A role in a process of its own; ``done`` grows while it works."""

    def __init__(self, name: str, task: Task) -> None:
        self.name = name
        self._done: Synchronized[int] = _SPAWN.Value("q", 0)
        self._ready: Event = _SPAWN.Event()
        self._begin: Event = _SPAWN.Event()
        self._stop: Event = _SPAWN.Event()
        signals = Signals(self._done, self._ready, self._begin, self._stop)
        self._process: SpawnProcess = _SPAWN.Process(target=_run, args=(name, task, signals), name=name)
        self._process.start()
        self._before_s = 0.0

    @property
    def done(self) -> int:
        """Records that are through."""
        return self._done.value

    @property
    def peak_mb(self) -> float:
        """The most memory it ever had; while it lives."""
        return peak_mb(self._process.pid)

    def await_ready(self) -> None:
        """Return once it could begin.

        Raises:
            RuntimeError: it ended, or takes too long.
        """
        deadline = time.monotonic() + _START_S
        while not self._ready.wait(_LOOK_S):
            self.check()
            if time.monotonic() > deadline:
                raise RuntimeError(f"{self.name} was not ready after {_START_S} s")

    def begin(self) -> None:
        """Let it begin; its processor time counts from here."""
        self.count_from_here()
        self._begin.set()

    def count_from_here(self) -> None:
        """Forget the processor time it has taken so far."""
        self._before_s = process_time(self._process.pid or 0)

    @property
    def cpu_s(self) -> float:
        """Processor time so far, in seconds."""
        return process_time(self._process.pid or 0) - self._before_s

    def cpu_us(self, uplinks: int) -> float:
        """Return the processor time for each of ``uplinks``."""
        return per_uplink(self.cpu_s, uplinks)

    def check(self) -> None:
        """Raise if it has ended, which none does by itself."""
        if self._process.exitcode is not None:
            raise RuntimeError(f"{self.name} ended with status {self._process.exitcode}")

    def stop(self) -> None:
        """End it in order."""
        self._stop.set()
        self._begin.set()
        self._process.join(_START_S)
        if self._process.exitcode is None:
            self._process.kill()


class Signals:
    """What a role and its starter tell each other."""

    def __init__(self, done: "Synchronized[int]", ready: Event, begin: Event, stop: Event) -> None:
        self.done = done
        self.ready = ready
        self.begin = begin
        self.stop = stop


@contextmanager
def roles(*asked: tuple[str, Task]) -> Iterator[list[Role]]:
    """Yield the roles, ready to begin; at the end they have ended."""
    started: list[Role] = []
    try:
        started.extend(Role(name, task) for name, task in asked)
        for role in started:
            role.await_ready()
        yield started
    finally:
        for role in started:
            role.stop()


def run_of(parts: Sequence[Role], scenario: str, uplinks: int, before: Sample, after: Sample) -> Run:
    """Return a run whose processor time and memory are those of its roles; the note says what each took."""
    run = run_between(scenario, uplinks, before, after, roles_s=sum(role.cpu_s for role in parts))
    run.peak_mb = sum(role.peak_mb for role in parts)
    run.note = ", ".join(f"{role.name} {role.cpu_us(uplinks):.1f} µs {role.peak_mb:.0f} MB" for role in parts)
    return run


def drained(role: Role, expected: int, others: Sequence[Role], look: Callable[[], None] = lambda: None) -> bool:
    """Return once ``role`` has done ``expected`` records; False: it stands still before that."""
    last, moved = role.done, time.monotonic()
    while role.done < expected:
        time.sleep(_LOOK_S)
        look()
        for each in (role, *others):
            each.check()
        if role.done != last:
            last, moved = role.done, time.monotonic()
        elif time.monotonic() - moved > _QUIET_S:
            return False
    return True


def _run(name: str, task: Task, signals: Signals) -> None:
    os.setsid()
    asyncio.run(_WORK[name](task, signals))


async def _ingest(task: Task, signals: Signals) -> None:
    container = Distributed(settings=task.settings)
    async with container.producer(), feed(task.lot, task.broker) as fed:
        role = Ingest(fed.source, container.log())
        working = asyncio.create_task(role.run())

        async def stop() -> None:
            role.stop()

        await _worked(signals, working, lambda: role.counts.came_in - role.counts.in_flight, fed.begin, stop)


async def _process(task: Task, signals: Signals) -> None:
    container = Distributed(settings=task.settings)
    async with container.producer(), container.consumer():
        processing, assignment = container.processing(), container.assignment()
        counts = processing.counts
        working = asyncio.create_task(assignment.run(processing.work))
        await _worked(signals, working, lambda: counts.came_in - counts.in_flight, lambda: None, assignment.stop)


async def _sink(task: Task, signals: Signals) -> None:
    container = Distributed(settings=task.settings)
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(container.session())
        await stack.enter_async_context(container.producer())
        source = await stack.enter_async_context(container.feed())
        timed = TimedObservationStore(container.observations(), task.delays) if task.delays else None
        if timed:
            container.observations.override(timed)
        role = container.sink()
        counts = role.counts
        working = asyncio.create_task(role.run())
        await _worked(signals, working, lambda: counts.came_in - counts.in_flight, lambda: None, source.stop)
        if timed:
            timed.save()


async def _worked(
    signals: Signals,
    working: "asyncio.Task[None]",
    done: Callable[[], int],
    begin: Callable[[], None],
    stop: Callable[[], Awaitable[None]],
) -> None:
    """Tell how far the work is, from the first signal to the last."""
    spare_what_stays()  # as every role does
    starter = os.getppid()
    signals.ready.set()
    begun = False

    def told() -> int:
        nonlocal begun
        if not begun and signals.begin.is_set():
            begun = True
            begin()
        signals.done.value = done()
        return int(signals.stop.is_set() or os.getppid() != starter)  # a killed one cannot say stop

    await until(told, 1, [working], over=lambda: False)
    await stop()
    await working


_WORK = {"ingest": _ingest, "process": _process, "sink": _sink}
