"""Waiting until everything has come through, without a share in the work."""

import asyncio
import time
from collections.abc import Callable, Sequence

_LOOK_S = 0.02
QUIET_S = 20.0
"""So long without any progress, and nothing more will come."""


async def until(
    reached: Callable[[], int],
    expected: int,
    parts: Sequence[asyncio.Task[None]],
    *,
    over: Callable[[], bool] = lambda: True,
    quiet_s: float = QUIET_S,
) -> float:
    """Return once ``reached()`` is ``expected``, or stands still for ``quiet_s`` although the input is ``over``.

    Returns how long it stood still at the end, in seconds. The first failure of ``parts`` is raised.
    """
    last, moved = reached(), time.perf_counter()
    while last < expected:
        await asyncio.sleep(_LOOK_S)
        for part in parts:
            if part.done():
                part.result()
        if (now := reached()) != last or not over():
            last, moved = now, time.perf_counter()
        elif time.perf_counter() - moved > quiet_s:
            return time.perf_counter() - moved
    return 0.0
