"""``stadtfunk`` on a machine whose clock jumps: ``python -m tests.faults.skewed FILE <arguments>``.

The file holds by how many seconds the clock is wrong, as one 64-bit float. Libraries see the wrong time as well; the
monotonic clock goes on as it does when an operator or NTP sets the other.
"""

import mmap
import sys
import time
from pathlib import Path
from struct import Struct

_OFFSET = Struct("<d")


def set_clock(file: Path, offset_s: float) -> None:
    """Let the clock of all who run with ``file`` be wrong by ``offset_s`` from now on."""
    with file.open("r+b" if file.exists() else "w+b") as written:
        written.write(_OFFSET.pack(offset_s))


def _skew(file: Path) -> None:
    with file.open("rb") as opened:
        shared = mmap.mmap(opened.fileno(), _OFFSET.size, access=mmap.ACCESS_READ)
    right, right_ns = time.time, time.time_ns

    def wrong() -> float:
        return right() + float(_OFFSET.unpack_from(shared)[0])

    def wrong_ns() -> int:
        return right_ns() + int(_OFFSET.unpack_from(shared)[0] * 1e9)

    time.time, time.time_ns = wrong, wrong_ns


if __name__ == "__main__":
    _skew(Path(sys.argv[1]))
    from stadtfunk.cli import main

    raise SystemExit(main(sys.argv[2:]))
