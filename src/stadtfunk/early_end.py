"""Told to end before anything has begun: the process ends at once, with the code of one that was told to stop.

Python alone would die of SIGTERM, for which a supervisor sees no code of ours; as the first process of a container it
would not even notice. Who listens in his event loop is deaf while he does not come back to it, as in reading a large
folder. What this module loads counts before anybody listens at all: the standard library's smallest only.
"""

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager

_ROLES = frozenset(("run", "ingest", "process", "sink", "connect", "serve", "simulate"))
"""Words of what runs until it is told to stop. To all others a signal is what it is to any command: half the work of a
``migrate`` is no success."""


def is_lasting(words: list[str]) -> bool:
    """Say whether the command line ``words`` starts what runs until it is told to stop."""
    return bool(words) and (words[0] in _ROLES or (words[0] == "backfill" and "run" in words))


def end_at_once() -> None:
    """From now on end at the first SIGINT or SIGTERM, until somebody else listens."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _end)


@contextmanager
def ended_at_once() -> Iterator[None]:
    """End at the first signal while this lasts; what a kill may interrupt may be interrupted by it."""
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    end_at_once()
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _end(number: int, frame: object) -> None:
    del number, frame
    os._exit(0)
