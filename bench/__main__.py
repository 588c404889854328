"""``make bench``: prints what each pipeline costs on this machine; every run, interleaved."""

import argparse
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory, gettempdir

from msgspec.structs import replace

from bench import distributed, embedded
from bench.broker import Broker
from bench.city import Input, prepare
from bench.distributed import create, ingest, mistakes, process, remove, sink
from bench.measure import Run, machine, summary
from bench.own_process import in_own_process
from bench.place import Place
from bench.servers import Servers, started

_MOST_UPLINKS = 800_000
"""Behind the first messages of 185,000 devices they fill the raw log to its limit, 2 GB; all are to be counted."""
_SERVERS = {"embedded": ("mosquitto",), "distributed": ("kafka", "cassandra")}
"""What each pipeline needs."""


def main() -> int:
    """Measure what was asked for, ``--runs`` times in turn; 1: something was missing in the end."""
    asked = _asked()
    pipelines = (asked.only,) if asked.only else tuple(_SERVERS)
    name = f"bench_{os.getpid()}"
    with TemporaryDirectory(prefix="stadtfunk-bench-") as folder, ExitStack() as until_closed:
        print(*machine(Path(gettempdir())), sep="\n")
        given = prepare(Path(folder), devices=asked.devices, uplinks=asked.uplinks, batch=asked.batch, tenant=name)
        print(f"{asked.devices:,} devices; {given.first.messages:,} first messages, then {given.known.messages:,}:")
        servers = started([each for pipeline in pipelines for each in _SERVERS[pipeline]], until_closed)
        runs: list[Run] = []
        for number in range(asked.runs):
            for run in _round(given, servers, f"{name}_{number}", pipelines):
                print(run.line(), flush=True)
                runs.append(run)
        print("", *summary(runs), sep="\n")
    return 1 if any(run.mistakes for run in runs) else 0


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--runs", type=int, default=3, help="how often each scenario is measured")
    parser.add_argument("--uplinks", type=int, default=100_000, help="messages of a run, once each device was heard")
    parser.add_argument("--devices", type=int, default=20_000, help="size of the city; a large one has 185000")
    parser.add_argument("--batch", type=int, default=500, help="messages of a delivery of the in-process source")
    parser.add_argument("--only", choices=tuple(_SERVERS), help="one of the two pipelines")
    asked = parser.parse_args()
    if asked.uplinks > _MOST_UPLINKS:
        parser.error(f"--uplinks {asked.uplinks}: at most {_MOST_UPLINKS}")
    return asked


def _round(given: Input, servers: Servers, name: str, pipelines: Sequence[str]) -> Iterator[Run]:
    """Yield one run of each scenario."""
    if "embedded" in pipelines:
        yield from _embedded(given, servers)
    if "distributed" in pipelines:
        yield from _distributed(given, servers, name)


def _embedded(given: Input, servers: Servers) -> Iterator[Run]:
    yield in_own_process(embedded.measured, embedded.Plan("embedded, in-process source", given, None, {}))
    host, port = servers.mosquitto
    for qos in (0, 1):
        broker = Broker(host, port, qos, given.topics)
        plan = embedded.Plan(f"embedded, Mosquitto QoS {qos}", given, broker, servers.pids("mosquitto"))
        yield in_own_process(embedded.measured, plan)


def _distributed(given: Input, servers: Servers, name: str) -> Iterator[Run]:
    """Send both lots through all stages; what is measured is the second."""
    place = Place(servers.kafka, *servers.cassandra, name)
    in_own_process(create, place)
    firsts: list[Run] = []
    runs: list[Run] = []
    plan = distributed.Plan(place, given.first, servers.pids("kafka", "cassandra"))
    for lot, into in ((given.first, firsts), (given.known, runs)):
        for stage in (ingest, process, sink):
            into.append(
                in_own_process(stage, replace(plan, lot=lot, derived_before=sum(run.records for run in firsts)))
            )
    runs[-1].mistakes += in_own_process(mistakes, (place, given))
    in_own_process(remove, place)
    for first, run in zip(firsts, runs, strict=True):
        run.note = "; ".join(part for part in (f"first frames {first.cpu_us:.1f} µs", run.note) if part)
        run.mistakes += first.mistakes
        yield run


if __name__ == "__main__":
    sys.exit(main())
