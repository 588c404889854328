"""How old a reading is when the embedded platform answers with it, at a city's rate.

Uplinks are published to Mosquitto at a rate (QoS 1). An observation carries the moment at which we received its uplink
(``written_us``); it can be asked for once its batch is committed. Of each batch the newest observation is asked for
then, so that this is not only believed.
"""

import asyncio
import time
from pathlib import Path
from tempfile import TemporaryDirectory

from dependency_injector import providers

from adapters.sqlite.checkpoint import SqliteCheckpoint
from adapters.sqlite.database import SqliteDatabase
from application.ports.reading_query import ReadingFilter, ReadingQuery
from application.processing.outcome import Outcome
from bench import embedded
from bench.broker import Broker
from bench.city import Input
from bench.latency import told
from bench.measure import Run
from bench.own_process import in_own_process
from bench.servers import Servers
from bench.stored_rows import Delays
from domain.observation import Observation

QOS = 1


class TimedCheckpoint(SqliteCheckpoint):
    """Notes how old observations are once they are committed, and asks for one of them."""

    def __init__(self, database: SqliteDatabase, readings: ReadingQuery) -> None:
        super().__init__(database)
        self.delays = Delays()
        self.unanswered = 0
        self._readings = readings
        self._came: list[Observation] = []

    def take(self, partition: int, outcome: Outcome) -> None:
        """Take, and remember what came."""
        super().take(partition, outcome)
        self._came += outcome.observations

    async def commit(self, partition: int, next_offset: int) -> None:
        """Commit, then look at the clock."""
        await super().commit(partition, next_offset)
        came, self._came = self._came, []
        if came:
            await self._ask(came[-1])
        now_us = time.time_ns() // 1_000
        for observation in came:
            self.delays.add(observation.written_us, now_us)

    async def _ask(self, observation: Observation) -> None:
        instant = ReadingFilter(observation.event_ns, observation.event_ns + 1)
        if observation.readings and not await self._readings.page(observation.dev_eui, instant, size=1):
            self.unanswered += 1


def measured(given: Input, servers: Servers, rate: float) -> Run:
    """Return one run of the second lot at ``rate`` uplinks per second, behind the first one as fast as it goes."""
    host, port = servers.mosquitto
    broker = Broker(host, port, QOS, given.topics, rate)
    name = f"embedded latency at {rate:,.0f}/s"
    return in_own_process(_measured, embedded.Plan(name, given, broker, servers.pids("mosquitto")))


def _measured(plan: embedded.Plan) -> Run:
    return asyncio.run(_run(plan))


async def _run(plan: embedded.Plan) -> Run:
    with TemporaryDirectory(prefix="stadtfunk-bench-") as name:
        folder = Path(name)
        await embedded.run(plan, embedded.container(folder), plan.input.first)
        platform = embedded.container(folder)
        platform.checkpoint.override(providers.Singleton(TimedCheckpoint, platform.database, platform.readings))
        run = await embedded.run(plan, platform, plan.input.known, plan.broker, known=plan.input.devices)
        checkpoint = platform.checkpoint()
        if not isinstance(checkpoint, TimedCheckpoint):
            raise TypeError("the platform takes another checkpoint")
        run.note = told("queryable", checkpoint.delays.times())
        run.mistakes += await embedded.mistakes(folder, plan.input, plan.input.known.messages - run.uplinks)
    if checkpoint.unanswered:
        run.mistakes.append(f"{checkpoint.unanswered} were asked for in vain")
    return run
