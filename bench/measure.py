"""Measuring: wall time, CPU of our process, and what the host took away meanwhile.

CPU per message survives a busy host, wall time does not: compare the first, and read the second beside steal.
"""

import os
import resource
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from msgspec import Struct

_STEAL = 8
"""Column of the first line of /proc/stat (proc(5)): user nice system idle iowait irq softirq steal …"""


class Run(Struct):
    """One run of one scenario."""

    scenario: str
    uplinks: int = 0
    wall_s: float = 0.0
    cpu_s: float = 0.0
    steal: float = 0.0
    """Share of all CPU time that the host gave to others."""
    rss_mb: float = 0.0
    note: str = ""

    def line(self) -> str:
        """Return the run as one line of the report."""
        rate, cpu = self.uplinks / self.wall_s, 1e6 * self.cpu_s / max(self.uplinks, 1)
        return (
            f"{self.scenario:<44} {self.uplinks:>8,} uplinks {rate:>9,.0f}/s {cpu:>7.1f} µs CPU"
            f" {self.steal:>6.1%} steal {self.rss_mb:>5.0f} MB  {self.note}"
        )


@contextmanager
def measured(scenario: str) -> Iterator[Run]:
    """Yield a run whose ``uplinks`` are to be filled in, and print it at the end."""
    run = Run(scenario)
    wall, cpu, ticks = time.perf_counter(), time.process_time(), _ticks()
    yield run
    run.wall_s, run.cpu_s = time.perf_counter() - wall, time.process_time() - cpu
    total, steal = (after - before for after, before in zip(_ticks(), ticks, strict=True))
    run.steal = steal / max(total, 1)
    run.rss_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(run.line(), flush=True)


def machine() -> str:
    """Return what the figures were taken on."""
    models = [
        line.partition(": ")[2] for line in Path("/proc/cpuinfo").read_text().splitlines() if "model name" in line
    ]
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return f"{len(models)} × {models[0]}, {memory:.0f} GiB, {os.uname().sysname} {os.uname().release}"


def _ticks() -> tuple[int, int]:
    """Return all CPU time since boot and the stolen part of it, in clock ticks."""
    fields = [int(each) for each in Path("/proc/stat").read_text().splitlines()[0].split()[1:]]
    return sum(fields[:_STEAL]), fields[_STEAL - 1]
