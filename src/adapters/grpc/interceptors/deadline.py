"""Deadlines: the client's own is kept by gRPC, which cancels the call; this is ours for clients that set none."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from adapters.grpc.errors import CallTooLong
from adapters.grpc.interceptors.call import Call

LONGEST_CALL_S = 30.0
"""A page of 1,000 readings takes milliseconds, a store that is being retried a few seconds."""


@asynccontextmanager
async def within_deadline(call: Call) -> AsyncIterator[None]:
    """End ``call`` after its client's deadline, at the latest after ``LONGEST_CALL_S``; streams have their own limits.

    Raises:
        CallTooLong: the time is over.
    """
    if call.streams:
        yield
        return
    limit_s = limit_of(call, LONGEST_CALL_S)
    try:
        async with asyncio.timeout(limit_s) as scope:
            yield
    except TimeoutError:
        if not scope.expired():
            raise
        raise CallTooLong(f"not answered within {limit_s:g} s") from None


def limit_of(call: Call, longest_s: float) -> float:
    """Return how many seconds ``call`` may take."""
    remaining_s: float | None = call.context.time_remaining()
    return longest_s if remaining_s is None else min(remaining_s, longest_s)
