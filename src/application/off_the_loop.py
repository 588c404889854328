"""Long computations beside the event loop, so that ingest and other callers do not wait for them."""

import asyncio
from collections.abc import Callable
from typing import ParamSpec, TypeVar

_MANY = 2_000
"""Readings or buckets: some 10 ms of work, as much as the loop may be held up; a thread costs 0.1 ms."""

P = ParamSpec("P")
R = TypeVar("R")


async def off_the_loop(size: int, compute: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    """Return what the pure function ``compute`` returns; in a thread if the ``size`` of its task is great."""
    if size < _MANY:
        return compute(*args, **kwargs)
    return await asyncio.to_thread(compute, *args, **kwargs)
