"""What the kernel keeps the worker from, behind the engine's own limits: setrlimit(2), setitimer(2), proc(5)."""

import resource
import signal
from contextlib import suppress
from pathlib import Path

_ADDRESS_SPACE = 2 * 2**30
"""The engine's own limits are far below; this is for what they overlook. Python itself takes some 100 MB."""
_FIRST_TO_GO = "1000"
"""When memory runs out the kernel takes this process and not the platform."""


def confine() -> None:
    """Allow no more memory than is needed, no files, no core dumps, and no end but that of the pipe."""
    for limit, most in (
        (resource.RLIMIT_AS, _ADDRESS_SPACE),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        with suppress(ValueError, OSError):  # the machine's own limit is lower still
            resource.setrlimit(limit, (most, most))
    with suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text(_FIRST_TO_GO, encoding="ascii")
    signal.signal(signal.SIGPROF, signal.SIG_DFL)
    # A service manager tells all processes to stop; the platform still has payloads in hand then.
    for told in (signal.SIGTERM, signal.SIGINT):
        signal.signal(told, signal.SIG_IGN)


def no_longer_than(seconds: float) -> None:
    """Let the kernel end this process after so much processor time from now, whatever it is doing then.

    The engine looks at its own clock between two instructions of a script, but not inside ``Array.prototype.join``.
    """
    signal.setitimer(signal.ITIMER_PROF, seconds)


def without_limit() -> None:
    """Take the last limit back."""
    signal.setitimer(signal.ITIMER_PROF, 0)
