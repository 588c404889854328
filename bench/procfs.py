"""What the kernel tells of this machine and of its processes (proc(5)); times in seconds."""

import os
import socket
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from msgspec import Struct

_TICKS = os.sysconf("SC_CLK_TCK")
_IDLE, _IOWAIT, _STEAL, _GUEST = 3, 4, 7, 8
"""Columns of the first line of /proc/stat: user nice system idle iowait irq softirq steal, then what user repeats."""
_UTIME, _STIME = 11, 12
"""Columns of /proc/PID/stat behind the name, which may hold anything."""
_COMPILERS = ("C1 Compiler", "C2 Compiler")
_LISTENING = "0A"
_LOCAL, _STATE, _INODE = 1, 3, 9
"""Columns of /proc/net/tcp."""
_SERVERS = frozenset({"java", "mosquitto"})
"""Whoever else listens at an address only forwards it (Docker), and its processor time says nothing."""


class MachineTime(Struct, frozen=True):
    """Processor time of the whole machine since its start."""

    total_s: float
    busy_s: float
    """Of all processes and the kernel."""
    steal_s: float
    """Wanted by them, and given to other machines on the same host."""


def machine_time() -> MachineTime:
    """Return what /proc/stat says now."""
    return machine_time_of(Path("/proc/stat").read_text(encoding="ascii"))


def machine_time_of(stat: str) -> MachineTime:
    """Return what a text of /proc/stat says."""
    seconds = [int(each) / _TICKS for each in stat.partition("\n")[0].split()[1:]][:_GUEST]
    total, steal = sum(seconds), seconds[_STEAL]
    return MachineTime(total, total - seconds[_IDLE] - seconds[_IOWAIT] - steal, steal)


def process_time(pid: int) -> float:
    """Return the processor time of a process, with all its threads; 0 if it is gone."""
    try:
        columns = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(columns[_UTIME]) + int(columns[_STIME])) / _TICKS


def compiling_time(pid: int) -> float:
    """Return what of a JVM's processor time its compiler of hot methods has taken (threads ``C1 …`` and ``C2 …``)."""
    ticks = 0
    for thread in Path(f"/proc/{pid}/task").glob("*/stat"):
        with suppress(OSError):
            name, _, rest = thread.read_text(encoding="utf-8").partition("(")[2].rpartition(")")
            if name.startswith(_COMPILERS):
                columns = rest.split()
                ticks += int(columns[_UTIME]) + int(columns[_STIME])
    return ticks / _TICKS


def peak_mb(pid: int | None = None) -> float:
    """Return the most memory a process ever had, by default this one (``ru_maxrss`` would count who started it)."""
    status = Path(f"/proc/{pid or 'self'}/status").read_text(encoding="utf-8")
    [line] = [line for line in status.splitlines() if line.startswith("VmHWM:")]
    return int(line.split()[1]) / 1024


def resident_mb(pid: int | None) -> float:
    """Return the memory a process has now; 0 where there is none on this machine."""
    try:
        pages = int(Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[1])
    except OSError:
        return 0.0
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


def server_at(port: int) -> int | None:
    """Return the process id of the server that listens at ``port``; None: it is not on this machine."""
    inodes = {f"socket:[{inode}]" for inode in _listeners(port)}
    if not inodes:
        return None
    for process in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            if (process / "comm").read_text(encoding="utf-8").strip() not in _SERVERS:
                continue
            if any(_opened(file) in inodes for file in (process / "fd").iterdir()):
                return int(process.name)
    return None


def _opened(file: Path) -> str:
    """Return what a file descriptor is of; empty: it was closed since it was listed, as a busy server's often are."""
    try:
        return str(file.readlink())
    except OSError:
        return ""


def _listeners(port: int) -> Iterator[str]:
    """Yield the inodes of the sockets that listen at ``port``; Java's are of IPv6."""
    for family in ("tcp", "tcp6"):
        for line in Path(f"/proc/net/{family}").read_text(encoding="ascii").splitlines()[1:]:
            columns = line.split()
            if columns[_STATE] == _LISTENING and int(columns[_LOCAL].rpartition(":")[2], 16) == port:
                yield columns[_INODE]


def is_local(host: str) -> bool:
    """Say whether ``host`` is this machine, as far as its address tells."""
    try:
        return socket.gethostbyname(host).startswith("127.")
    except OSError:
        return False
