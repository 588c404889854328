"""The process stage beside the same stage in Kafka Streams (``bench/streams``), in turn, from the same backlog.

Each run has topics and a group of its own and reads the one log of uplinks from its beginning. The clock runs from the
moment when as many messages are done as it takes for each device to be heard (by then the JVM has compiled what is
hot) until the last one is. Ours counts a message once results, memory and position are acknowledged (what it has only
computed when the clock starts is not given to it), theirs once it went through the processor: what its producer still
holds is given to it.
"""

import asyncio
import subprocess
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Timer

from aiokafka.admin import AIOKafkaAdminClient
from msgspec import Struct
from msgspec.structs import replace

from bench.checks import unbalanced
from bench.city import Input
from bench.counted_log import CountedLog
from bench.distributed import Plan as StagePlan
from bench.distributed import ingest
from bench.drain import until
from bench.measure import Run, Sample, run_between, sample
from bench.own_process import in_own_process
from bench.place import PARTITIONS, Place
from bench.procfs import compiling_time, peak_mb, process_time
from bench.servers import Servers
from bench.yardstick_build import JVM, command
from bench.yardstick_outputs import Written, mistakes, per_uplink, written
from bench.yardstick_variants import Variant, in_round, warm_us
from stadtfunk.adapter_settings import kafka_connection, kafka_topics
from stadtfunk.collector import spare_what_stays
from stadtfunk.container.distributed import Distributed
from stadtfunk.settings import Settings

_DEADLINE_S = 900.0
_PROPERTIES = {
    "num.stream.threads": "1",
    "processing.guarantee": "at_least_once",
    "commit.interval.ms": "1000",
    "buffered.records.per.partition": "4000",
    "statestore.cache.max.bytes": "0",
    "replication.factor": "1",
    "consumer.max.poll.records": "2000",
    "consumer.max.partition.fetch.bytes": "2097152",
    "producer.acks": "all",
    "producer.enable.idempotence": "false",
    "producer.compression.type": "zstd",
    "producer.compression.zstd.level": "1",
    "producer.linger.ms": "20",
    "producer.batch.size": "262144",
}
"""Tuned for throughput; what producer and consumer are told is what ours does."""
_TOPICS = ("uplinks", "observations", "device_states", "radio_metadata", "loss_ledger", "dead_letters")


class Plan(Struct, frozen=True):
    """One run."""

    settings: Settings
    """Topics and group of its own, the log of all."""
    input: Input
    servers: dict[str, int]
    variant: Variant

    @property
    def uplinks(self) -> int:
        """Messages in the log."""
        return self.input.first.messages + self.input.known.messages


def settings_told() -> list[str]:
    """Return how both are set up, for the report."""
    properties = ", ".join(f"{name}={value}" for name, value in _PROPERTIES.items())
    results = "observations, states, changelog"
    theirs = f"Kafka Streams 4.3.1: one process, {' '.join(JVM)}, {properties}"
    ours = f"ours: one process, {PARTITIONS} partitions, batches of 1,000 at most, acks=all, zstd level 1"
    return [
        f"{ours}; {results}, devices, loss days, and radio metadata, if not without",
        f"{theirs}; {results}, and if as ours radio metadata and loss days",
    ]


def measured(given: Input, servers: Servers, name: str, rounds: int, *, every: bool) -> Iterator[Run]:
    """Fill the log, then yield all runs of all rounds, ``every`` variant or those of the default; the log goes then."""
    place = Place(servers.kafka, "127.0.0.1", 9042, "datacenter1", name)
    pids = servers.pids("kafka")
    command()  # built before any clock runs
    in_own_process(create, place.settings())
    for lot in (given.first, given.known):
        in_own_process(ingest, StagePlan(place, lot, pids))
    first: Written | None = None
    for number in range(rounds):
        for at, variant in enumerate(in_round(number, every=every)):
            plan = Plan(_own(place, f"{number}_{at}", variant), given, pids, variant)
            in_own_process(create, plan.settings)
            run = in_own_process(_theirs if variant.name else _ours, plan)
            found = in_own_process(_found, plan)
            first = first or found
            run.mistakes += mistakes(given, variant, found, first)
            run.note = "; ".join(part for part in (run.note, per_uplink(found, plan.uplinks)) if part)
            in_own_process(remove, (plan.settings, place.settings().kafka.topics.uplinks))
            yield run
    in_own_process(remove, (place.settings(), ""))


def create(settings: Settings) -> None:
    """Make the topics."""
    asyncio.run(_create(settings))


def remove(asked: tuple[Settings, str]) -> None:
    """Remove all topics but one."""
    asyncio.run(_remove(*asked))


def _own(place: Place, run: str, variant: Variant) -> Settings:
    """Return settings with topics and group of this run, and the log of all."""
    own = replace(place, name=f"{place.name}_{run}").settings()
    topics = replace(own.kafka.topics, uplinks=place.settings().kafka.topics.uplinks)
    process = replace(own.process, radio_metadata=variant.radio)
    return replace(own, kafka=replace(own.kafka, topics=topics), process=process)


async def _create(settings: Settings) -> None:
    async with Distributed(settings=settings).topics_migration() as topics:
        await topics.migrate()


async def _remove(settings: Settings, but: str) -> None:
    admin = AIOKafkaAdminClient(**kafka_connection(settings.kafka).arguments())
    await admin.start()
    try:
        names = {shape.name for shape in kafka_topics(settings.kafka).shapes()} - {but}
        changelog = f"{settings.kafka.process_group}-device-memory-changelog"
        await admin.delete_topics(sorted((names | {changelog}) & set(await admin.list_topics())))
    finally:
        await admin.close()


def _found(plan: Plan) -> Written:
    return asyncio.run(written(plan.settings.kafka, plan.uplinks))


def _ours(plan: Plan) -> Run:
    return asyncio.run(_process(plan))


async def _process(plan: Plan) -> Run:
    container = Distributed(settings=plan.settings)
    async with container.producer(), container.consumer():
        log = CountedLog(container.log())
        container.log.override(log)
        processing, assignment = container.processing(), container.assignment()
        counts = processing.counts
        spare_what_stays()  # as every role does
        working = asyncio.create_task(assignment.run(processing.work))

        def done() -> int:
            return counts.came_in - counts.in_flight

        await until(done, plan.input.first.messages, [working])
        before, missed = sample(plan.servers), log.given
        await until(done, plan.uplinks, [working])
        run = run_between(plan.variant.scenario, done() - missed, before, sample(plan.servers))
        await assignment.stop()
        await working
    run.mistakes = unbalanced({plan.variant.scenario: counts})
    return run


def _theirs(plan: Plan) -> Run:
    with TemporaryDirectory(prefix="stadtfunk-bench-") as folder:
        process = subprocess.Popen(
            _arguments(plan, Path(folder)), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        watchdog = Timer(_DEADLINE_S, process.kill)
        watchdog.start()
        try:
            return _watched(plan, process)
        finally:
            watchdog.cancel()
            process.kill()
            process.wait()


def _watched(plan: Plan, process: subprocess.Popen[str]) -> Run:
    """Read how far the application is, until it is done; then have it close, which writes what it still holds."""
    missed, before = _reached(plan, process, plan.input.first.messages)
    compiler_s = compiling_time(process.pid)
    reached, after = _reached(plan, process, plan.uplinks)
    compiler_s = compiling_time(process.pid) - compiler_s
    run = run_between(plan.variant.scenario, reached - missed, before, after)
    run.compiler_s = max(0.0, compiler_s)  # a thread that has ended takes its time with it
    run.note = f"compiler {run.compiler_s / max(run.cpu_s, 1e-9):.0%} of CPU, without {warm_us(run):.1f} µs"
    run.peak_mb = peak_mb(process.pid)
    process.communicate("\n", timeout=_DEADLINE_S)
    if reached < plan.uplinks:
        run.mistakes.append(f"{reached} of {plan.uplinks} messages came through")
    return run


def _reached(plan: Plan, process: subprocess.Popen[str], messages: int) -> tuple[int, Sample]:
    """Return how many are done, at least ``messages`` if all goes well, and the clocks: ours are the application's."""
    done = 0
    for line in process.stdout or ():
        done = int(line)
        if done >= messages:
            break
    return done, replace(sample(plan.servers), cpu_s=process_time(process.pid), children_s=0.0)


def _arguments(plan: Plan, folder: Path) -> list[str]:
    kafka = plan.settings.kafka
    properties = _PROPERTIES | {
        "application.id": kafka.process_group,
        "bootstrap.servers": kafka.bootstrap,
        "state.dir": str(folder / "state"),
    }
    file = folder / "streams.properties"
    file.write_text("".join(f"{name}={value}\n" for name, value in properties.items()), encoding="utf-8")
    topics = [f"{name}={getattr(kafka.topics, name)}" for name in _TOPICS]
    return [*command(), plan.variant.name, str(file), *topics]
