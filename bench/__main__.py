"""``make bench``: what each pipeline costs on this machine; every run, interleaved.

Printed, and written to docs/performance.md (``--keep-page`` leaves it alone).
"""

import argparse
import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory, gettempdir

from msgspec.structs import replace

from bench import backlog, distributed, embedded, embedded_latency, latency, mqtt, page, restore, rows, yardstick
from bench.broker import Broker
from bench.burst import distributed_burst, embedded_burst
from bench.city import Input, prepare
from bench.distributed import create, ingest, mistakes, process, remove, sink
from bench.measure import Run, machine, summary
from bench.own_process import in_own_process
from bench.place import Place
from bench.servers import Servers, started
from bench.warm import warm
from bench.yardstick_variants import ratios

_MOST_UPLINKS = 800_000
"""Behind the first messages of 185,000 devices they fill the raw log to its limit, 2 GB; all are to be counted."""
_SERVERS = {
    "embedded": ("mosquitto",),
    "embedded-latency": ("mosquitto",),
    "mqtt": ("mosquitto",),
    "distributed": ("kafka", "cassandra"),
    "streams": ("kafka",),
    "drain": ("kafka", "cassandra"),
    "latency": ("mosquitto", "kafka", "cassandra"),
    "burst": ("kafka", "cassandra"),
    "restore": ("kafka",),
    "cassandra": (),
}
"""What each measurement needs."""
PIPELINES = tuple(_SERVERS)
_STAGES = ("embedded", "distributed")
_FLEET = 185_000
"""Devices of a large city: what bursts, restores and rows are about."""
_DEVICES = 20_000
_RATE = 2_500.0
"""Uplinks per second of a large city at its busiest: 185,000 devices within 74 s."""
_RATE_S = 60
_EMBEDDED_RATES, _EMBEDDED_RATE_S = (200.0, _RATE), 30
"""Of 185,000 devices that speak every 15 minutes, and of the same city at its busiest."""


def main() -> int:
    """Measure what was asked for, ``--runs`` times in turn; 1: something was missing in the end."""
    asked = _asked()
    pipelines = (asked.only,) if asked.only else PIPELINES
    name = f"bench_{os.getpid()}"
    with ExitStack() as until_closed:
        conditions = [page.when_and_what(), *machine(Path(gettempdir()))]
        print(*conditions, sep="\n")
        needed = dict.fromkeys(each for pipeline in pipelines for each in _SERVERS[pipeline])
        servers = started(needed, until_closed, one_copy=asked.one_copy)
        warmed = warm(servers, name) if "cassandra" in needed else ""
        print(warmed, end="\n" if warmed else "")
        runs: dict[str, list[Run]] = {}
        for pipeline, run in _all(asked, servers, name, pipelines):
            print(run.line(), flush=True)
            runs.setdefault(pipeline, []).append(run)
    told = {pipeline: [*summary(each), *ratios(each)] for pipeline, each in runs.items()}
    print("", *(line for lines in told.values() for line in lines), sep="\n")
    if not asked.keep_page:
        each_run = {pipeline: [run.line() for run in each] for pipeline, each in runs.items()}
        settings = {pipeline: [warmed] for pipeline in told if "cassandra" in _SERVERS[pipeline]}
        settings |= {"streams": yardstick.settings_told()}
        blocks = {
            pipeline: [*settings.get(pipeline, ()), *each_run[pipeline], "", *lines] for pipeline, lines in told.items()
        }
        page.write(page.PAGE, blocks, [_words(), *conditions])
    return 1 if any(run.mistakes for each in runs.values() for run in each) else 0


def _words() -> str:
    """Return the words by which the same is measured again."""
    return " ".join(("python -m bench", *sys.argv[1:]))


def _all(asked: argparse.Namespace, servers: Servers, name: str, pipelines: Sequence[str]) -> Iterator[tuple[str, Run]]:
    """Yield all runs with what they measure: the stages in turn, then what needs a city of its own."""
    stages = [pipeline for pipeline in pipelines if pipeline in _STAGES]
    if stages:
        with _city(asked, name, asked.devices or _DEVICES, asked.uplinks) as given:
            for number in range(asked.runs):
                yield from _round(given, servers, f"{name}_{number}", stages)
    if "streams" in pipelines:
        print(*yardstick.settings_told(), sep="\n")
        with _city(asked, name, asked.devices or _DEVICES, asked.uplinks) as given:
            rounds = yardstick.measured(given, servers, f"{name}_streams", asked.runs, every=asked.every)
            yield from _each("streams", rounds)
    yield from _embedded_alone(asked, servers, name, pipelines)
    if "drain" in pipelines:
        with _city(asked, name, asked.devices or _DEVICES, asked.uplinks) as given:
            runs = (backlog.measured(given, servers, f"{name}_drain_{number}") for number in range(asked.runs))
            yield from _each("drain", runs)
    if "latency" in pipelines:
        with _city(asked, name, asked.devices or _DEVICES, int(asked.rate * (latency.SETTLE_S + _RATE_S))) as given:
            live = (latency.measured(given, servers, f"{name}_latency_{n}", asked.rate) for n in range(asked.runs))
            yield from _each("latency", live)
    if "burst" in pipelines:
        with _city(asked, name, asked.devices or _FLEET, asked.devices or _FLEET) as given:
            yield "burst", embedded_burst(given)
            yield "burst", distributed_burst(given, servers, f"{name}_burst")
    if "restore" in pipelines:
        with _city(asked, name, asked.devices or _FLEET, asked.uplinks) as given:
            yield from _each("restore", restore.measured(given, servers, f"{name}_restore", asked.runs))
    if "cassandra" in pipelines:
        yield from _each("cassandra", rows.measured(asked.devices or _FLEET, asked.runs, one_copy=asked.one_copy))


def _embedded_alone(
    asked: argparse.Namespace, servers: Servers, name: str, pipelines: Sequence[str]
) -> Iterator[tuple[str, Run]]:
    """Yield all runs of what needs Mosquitto only."""
    if "mqtt" in pipelines:
        with _city(asked, name, asked.devices or _DEVICES, asked.uplinks) as given:
            yield from _each("mqtt", mqtt.measured(given.known, given.topics, servers, asked.runs))
    if "embedded-latency" in pipelines:
        for rate in _EMBEDDED_RATES:
            with _city(asked, name, asked.devices or _DEVICES, int(rate * _EMBEDDED_RATE_S)) as given:
                yield "embedded-latency", embedded_latency.measured(given, servers, rate)


def _each(pipeline: str, runs: Iterable[Run]) -> Iterator[tuple[str, Run]]:
    """Yield ``runs`` with what they measure."""
    for run in runs:
        yield pipeline, run


@contextmanager
def _city(asked: argparse.Namespace, name: str, devices: int, uplinks: int) -> Iterator[Input]:
    """Yield what a city says, in files that are gone at the end."""
    with TemporaryDirectory(prefix="stadtfunk-bench-") as folder:
        given = prepare(Path(folder), devices=devices, uplinks=uplinks, batch=asked.batch, tenant=name)
        print(f"{devices:,} devices; {given.first.messages:,} first messages, then {given.known.messages:,}:")
        yield given


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--runs", type=int, default=3, help="how often each scenario is measured")
    parser.add_argument("--uplinks", type=int, default=100_000, help="messages of a run, once each device was heard")
    parser.add_argument("--devices", type=int, help="size of the city: 20000, for burst, restore and cassandra 185000")
    parser.add_argument("--rate", type=float, default=_RATE, help="uplinks per second when latency is measured")
    parser.add_argument(
        "--one-copy", action="store_true", help="our Cassandra flushes before each answer (default: as one of three)"
    )
    parser.add_argument("--batch", type=int, default=500, help="messages of a delivery of the in-process source")
    parser.add_argument("--only", choices=PIPELINES, help="one of the measurements")
    parser.add_argument("--every", action="store_true", help="streams: databind and RocksDB with two results too")
    parser.add_argument("--keep-page", action="store_true", help="leave docs/performance.md as it is")
    asked = parser.parse_args()
    if asked.uplinks > _MOST_UPLINKS:
        parser.error(f"--uplinks {asked.uplinks}: at most {_MOST_UPLINKS}")
    return asked


def _round(given: Input, servers: Servers, name: str, pipelines: Sequence[str]) -> Iterator[tuple[str, Run]]:
    """Yield one run of each scenario."""
    if "embedded" in pipelines:
        yield from _each("embedded", _embedded(given, servers))
    if "distributed" in pipelines:
        yield from _each("distributed", _distributed(given, servers, name))


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
