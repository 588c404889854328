"""How old a reading is at a city's rate: when it can be read on Kafka, and when its row in Cassandra is acknowledged.

Uplinks are published to Mosquitto at a rate, and all roles are at work. An observation carries the moment at which we
received its uplink from Mosquitto (``written_us``), which is the producer's time stamp of the uplink in Kafka too: what
is told is the time from then on, by the one clock of this machine. A platform works day and night: what it does in the
first ``SETTLE_S`` of the rate, while JVMs still compile what is hot, is told apart.
"""

import asyncio
import time
from multiprocessing import get_context
from multiprocessing.synchronize import Event
from pathlib import Path
from tempfile import TemporaryDirectory

import msgspec
from aiokafka import AIOKafkaConsumer
from aiokafka.structs import TopicPartition
from msgspec import Struct

from bench.broker import Broker
from bench.chain import Task, drained, roles, run_of
from bench.city import Input
from bench.distributed import Plan, create, ingest, mistakes, process, remove, sink
from bench.measure import Run, sample
from bench.own_process import in_own_process
from bench.place import PARTITIONS, Place, derived
from bench.servers import Servers
from bench.stored_rows import Delays, quantile, saved
from stadtfunk.adapter_settings import kafka_connection

_SPAWN = get_context("spawn")
_WAIT_MS = 100
_START_S = 60.0
QOS = 1
SETTLE_S = 30.0


class _Told(Struct):
    written_us: int


def measured(given: Input, servers: Servers, name: str, rate: float) -> Run:
    """Return one run of the second lot at ``rate`` uplinks per second, behind the first one as fast as it goes."""
    place = Place(servers.kafka, *servers.cassandra, name)
    in_own_process(create, place)
    heard = [in_own_process(stage, Plan(place, given.first, {})) for stage in (ingest, process, sink)]
    with TemporaryDirectory(prefix="stadtfunk-bench-") as folder:
        run = _run(place, given, servers, heard[-1].records, rate, Path(folder))
    run.mistakes += in_own_process(mistakes, (place, given))
    in_own_process(remove, place)
    return run


def told(name: str, times: list[float]) -> str:
    """Return the half and the last hundredth of ``times``, in ms."""
    half, most, worst = (quantile(times, share) for share in (0.5, 0.99, 1.0))
    return f"{name} p50 {half:.0f} ms, p99 {most:.0f} ms, worst {worst:.0f} ms"


def _both(readable: Delays, rows: Delays, since_us: int) -> str:
    times = (told("readable on Kafka", readable.times(since_us)), told("row in Cassandra", rows.times(since_us)))
    return "; ".join(times)


def _run(place: Place, given: Input, servers: Servers, stored: int, rate: float, folder: Path) -> Run:
    pids, messages = servers.pids("mosquitto", "kafka", "cassandra"), given.known.messages
    broker = Broker(*servers.mosquitto, QOS, given.topics, rate)
    task = Task(place.settings(), given.known.path, broker, str(folder / "rows"))
    asked = [(role, task) for role in ("sink", "process", "ingest")]
    ready, over = _SPAWN.Event(), _SPAWN.Event()
    listening = _SPAWN.Process(target=_listen, args=(place, folder / "records", ready, over), daemon=True)
    with roles(*asked) as (writing, working, taking):
        listening.start()
        if not ready.wait(_START_S):
            raise RuntimeError("nobody listens to the observations")
        all_roles = (writing, working, taking)
        for role in all_roles:
            role.begin()
        settled = int(rate * SETTLE_S)
        through = drained(taking, settled, (working, writing))
        before, since_us = sample(pids), time.time_ns() // 1_000
        for role in all_roles:
            role.count_from_here()
        through = drained(taking, messages, (working, writing)) and through
        through = drained(working, messages, (writing,)) and through
        records = derived(place) - stored
        through = drained(writing, records, ()) and through
        counted = messages - settled
        run = run_of(all_roles, f"latency at {rate:,.0f}/s", counted, before, sample(pids))
    over.set()
    listening.join(_START_S)
    readable, rows = saved(folder / "records"), saved(folder / "rows")
    in_all = f"with the first {SETTLE_S:.0f} s: {_both(readable, rows, 0)}"
    run.note = f"{run.note}; {_both(readable, rows, since_us)} ({in_all})"
    if not through:
        run.mistakes.append("some records never came through")
    return run


def _listen(place: Place, path: Path, ready: Event, over: Event) -> None:
    asyncio.run(_listened(place, path, ready, over))


async def _listened(place: Place, path: Path, ready: Event, over: Event) -> None:
    """Follow the observations from their present end, and write how old they were to ``path``."""
    settings = place.settings().kafka
    consumer = AIOKafkaConsumer(**kafka_connection(settings).arguments(), enable_auto_commit=False)
    consumer.assign([TopicPartition(settings.topics.observations, number) for number in range(PARTITIONS)])
    delays, decode = Delays(), msgspec.json.Decoder(_Told).decode
    await consumer.start()
    try:
        await consumer.seek_to_end()
        for partition in consumer.assignment():
            await consumer.position(partition)
        ready.set()
        while not over.is_set():
            found = await consumer.getmany(timeout_ms=_WAIT_MS)
            now_us = time.time_ns() // 1_000
            for records in found.values():
                for record in records:
                    delays.add(decode(record.value).written_us, now_us)
    finally:
        await consumer.stop()
    delays.save(path)
