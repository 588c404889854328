"""Measuring: wall time, processor time of our process, and what the host and others took away meanwhile.

CPU per uplink survives a busy machine, wall time does not: compare the first, and read the second beside steal and
the share of others.
"""

import os
import platform
import resource
import sqlite3
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from statistics import median
from tempfile import TemporaryFile

from msgspec import Struct

from bench.procfs import machine_time, peak_mb, process_time

_FLUSHES = 50


class Sample(Struct, frozen=True):
    """All clocks at one moment, in seconds."""

    wall_s: float
    cpu_s: float
    """Of our process."""
    children_s: float
    """Of its children that have ended: the generator."""
    servers_s: dict[str, float]
    """Of the servers on this machine, by name."""
    total_s: float
    busy_s: float
    steal_s: float


class Run(Struct):
    """One run of one scenario."""

    scenario: str
    uplinks: int
    wall_s: float
    cpu_s: float
    steal: float
    """Share of all processor time that the host gave to other machines."""
    others: float
    """Share of it that went to processes of this machine that have no part in the run."""
    beside_us: dict[str, float] = {}
    """CPU µs per uplink of those that have a part in it: servers, generator."""
    compiler_s: float = 0.0
    """What of ``cpu_s`` a JVM's compiler of hot methods took."""
    peak_mb: float = 0.0
    records: int = 0
    """What came in, where a stage reads something else than uplinks."""
    note: str = ""
    mistakes: list[str] = []
    """What is missing, or there too often."""

    @property
    def rate(self) -> float:
        """Uplinks per second."""
        return self.uplinks / self.wall_s if self.wall_s else 0.0

    @property
    def cpu_us(self) -> float:
        """CPU µs of our process per uplink."""
        return per_uplink(self.cpu_s, self.uplinks)

    def line(self) -> str:
        """Return the run as one line of the report."""
        beside = [f"{name} {us:.1f} µs" for name, us in self.beside_us.items()]
        return (
            f"{self.scenario:<36} {self.uplinks:>8,} uplinks {self.rate:>7,.0f}/s {self.cpu_us:>6.1f} µs CPU"
            f" {self.steal:>6.1%} steal {self.others:>4.0%} others {self.peak_mb:>4.0f} MB"
            f"  {'; '.join(part for part in (', '.join(beside), self.note, *self.mistakes) if part)}"
        ).rstrip()


def sample(servers: Mapping[str, int]) -> Sample:
    """Return all clocks now; ``servers`` are process ids by name."""
    ended, machine = resource.getrusage(resource.RUSAGE_CHILDREN), machine_time()
    return Sample(
        time.perf_counter(),
        time.process_time(),
        ended.ru_utime + ended.ru_stime,
        {name: process_time(pid) for name, pid in servers.items()},
        machine.total_s,
        machine.busy_s,
        machine.steal_s,
    )


def run_between(
    scenario: str, uplinks: int, before: Sample, after: Sample, *, idle_s: float = 0.0, roles_s: float | None = None
) -> Run:
    """Return what happened between two samples; ``idle_s`` at the end was only spent to see that nothing more came.

    ``roles_s`` is the processor time of roles in processes of their own, where this one only looks on.
    """
    cpu_s, children_s = after.cpu_s - before.cpu_s, after.children_s - before.children_s
    servers_s = {name: each - before.servers_s[name] for name, each in after.servers_s.items()}
    total_s = max(after.total_s - before.total_s, 1e-9)
    others_s = after.busy_s - before.busy_s - cpu_s - children_s - sum(servers_s.values()) - (roles_s or 0.0)
    beside_s = servers_s | ({"generator": children_s} if children_s else {})
    return Run(
        scenario,
        uplinks,
        after.wall_s - before.wall_s - idle_s,
        cpu_s if roles_s is None else roles_s,
        (after.steal_s - before.steal_s) / total_s,
        max(0.0, others_s / total_s),
        {name: per_uplink(seconds, uplinks) for name, seconds in beside_s.items()},
        peak_mb=peak_mb(),
    )


def per_uplink(seconds: float, uplinks: int) -> float:
    """Return µs per uplink."""
    return 1e6 * seconds / max(uplinks, 1)


def summary(runs: Sequence[Run]) -> list[str]:
    """Return all runs again, a line for each scenario: the figures that may be compared, and how far they scatter."""
    scenarios = dict.fromkeys(run.scenario for run in runs)
    return [_summary_line(scenario, [run for run in runs if run.scenario == scenario]) for scenario in scenarios]


def _summary_line(scenario: str, runs: Sequence[Run]) -> str:
    cpu = ", ".join(f"{run.cpu_us:.1f}" for run in runs)
    rates = ", ".join(f"{run.rate:,.0f}" for run in runs)
    return (
        f"{scenario:<36} CPU µs: {median(run.cpu_us for run in runs):.1f} ({cpu});"
        f"  uplinks/s: {median(run.rate for run in runs):,.0f} ({rates})"
    )


def machine(folder: Path) -> list[str]:
    """Return what the figures are taken on: processors, memory, kernel, versions, the disk under ``folder``, load."""
    lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    models = [line.partition(": ")[2] for line in lines if line.startswith("model name")] or [platform.machine()]
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    flushes = flush_times_ms(folder)
    system, load = os.uname(), ", ".join(f"{each:.1f}" for each in os.getloadavg())
    versions = f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}"
    return [
        f"{os.cpu_count()} × {models[0]}, {memory:.0f} GiB, {system.sysname} {system.release}, {versions}",
        f"16 kB are durable in {folder} after {median(flushes):.2f} ms, at worst {max(flushes):.1f} ms; load {load}",
    ]


def flush_times_ms(folder: Path) -> list[float]:
    """Return how long it took, each time, to make 16 kB durable in ``folder``: each commit waits for that."""
    times: list[float] = []
    with TemporaryFile(dir=folder, buffering=0) as file:
        for _ in range(_FLUSHES):
            began = time.perf_counter()
            file.write(bytes(16_384))
            os.fdatasync(file.fileno())
            times.append(1e3 * (time.perf_counter() - began))
    return times
