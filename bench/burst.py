"""The whole fleet at midnight: as many uplinks as there are devices, published at once, from Mosquitto to the tables.

What cannot be taken yet must wait where it is safe, at the broker, and in bounded memory of ours. How much waits there
shows in the memory of the broker, one of our own that has not served before.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Thread

from msgspec import Struct

from bench import embedded
from bench.broker import Broker
from bench.chain import Task, drained, roles, run_of
from bench.city import Input
from bench.distributed import Plan, create, ingest, mistakes, process, remove, sink
from bench.measure import Run, sample
from bench.own_process import in_own_process
from bench.place import Place, derived
from bench.procfs import resident_mb, server_at
from bench.servers import Servers
from tools.services.mosquitto import Mosquitto
from tools.services.workspace import workspace

_LOOK_S = 0.1
QOS = 1
"""What is not acknowledged waits at the broker; at QoS 0 it may drop what exceeds its limit."""


class Queue(Struct):
    """Memory of a broker while messages wait in it."""

    before_mb: float = 0.0
    peak_mb: float = 0.0

    def told(self, name: str) -> str:
        """Return it for the report."""
        return f"{name} {self.before_mb:.0f} → {self.peak_mb:.0f} MB"


@contextmanager
def watched(pid: int | None) -> Iterator[Queue]:
    """Yield what the memory of a process was at the beginning, and the most it has been since."""
    queue, over = Queue(resident_mb(pid), resident_mb(pid)), Event()

    def watch() -> None:
        while not over.wait(_LOOK_S):
            queue.peak_mb = max(queue.peak_mb, resident_mb(pid))

    watching = Thread(target=watch, daemon=True)
    watching.start()
    try:
        yield queue
    finally:
        over.set()
        watching.join()


def embedded_burst(given: Input) -> Run:
    """Measure the embedded platform: one process, from Mosquitto to the closed tables."""
    with _broker(given) as (broker, pids):
        plan = embedded.Plan("burst, Mosquitto → embedded", given, broker, pids)
        with watched(pids.get("mosquitto")) as queue:
            run = in_own_process(embedded.measured, plan)
    run.note = f"drained in {run.wall_s:.1f} s; {queue.told('mosquitto')}; {run.note}"
    return run


def distributed_burst(given: Input, servers: Servers, name: str) -> Run:
    """Measure all roles side by side, from Mosquitto to Cassandra's rows; each device was heard before."""
    place = Place(servers.kafka, *servers.cassandra, name)
    in_own_process(create, place)
    heard = [in_own_process(stage, Plan(place, given.first, {})) for stage in (ingest, process, sink)]
    with _broker(given) as (broker, pids):
        run = _side_by_side(place, given, broker, pids | servers.pids("kafka", "cassandra"), heard[-1].records)
    run.mistakes += in_own_process(mistakes, (place, given))
    in_own_process(remove, place)
    return run


@contextmanager
def _broker(given: Input) -> Iterator[tuple[Broker, dict[str, int]]]:
    """Yield a broker of our own, and its process by name: what one keeps that has served before would not show."""
    with workspace() as folder, Mosquitto(folder) as mosquitto:
        pid = server_at(mosquitto.port)
        broker = Broker(mosquitto.host, mosquitto.port, QOS, given.topics)
        yield broker, {"mosquitto": pid} if pid is not None else {}


def _side_by_side(place: Place, given: Input, broker: Broker, pids: dict[str, int], stored: int) -> Run:
    task, messages = Task(place.settings(), given.known.path, broker), given.known.messages
    asked = [(name, task) for name in ("sink", "process", "ingest")]
    with watched(pids.get("mosquitto")) as queue, roles(*asked) as (writing, working, taking):
        before, began = sample(pids), time.monotonic()
        for role in (writing, working, taking):
            role.begin()
        missing = [] if drained(taking, messages, (working, writing)) else [f"ingest: {taking.done} of {messages}"]
        told = [f"in Kafka after {time.monotonic() - began:.1f} s"]
        missing += [] if drained(working, messages, (writing,)) else [f"process: {working.done} of {messages}"]
        told.append(f"processed after {time.monotonic() - began:.1f} s")
        records = derived(place) - stored
        missing += [] if drained(writing, records, ()) else [f"sink: {writing.done} of {records}"]
        after = sample(pids)
        run = run_of((taking, working, writing), "burst, Mosquitto → Kafka → Cassandra", messages, before, after)
    run.note = f"drained in {run.wall_s:.1f} s ({', '.join(told)}); {queue.told('mosquitto')}; {run.note}"
    run.mistakes += missing
    return run
