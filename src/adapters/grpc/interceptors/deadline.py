"""Deadlines: the client's own is kept by gRPC, which cancels the call; this is ours for clients that set none."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from adapters.grpc.errors import CallTooLong
from adapters.grpc.interceptors.call import Call


class Deadline:
    """Ends calls after their client's deadline, at the latest after ``longest_s``; streams have their own limits."""

    def __init__(self, longest_s: float) -> None:
        self._longest_s = longest_s

    @asynccontextmanager
    async def kept(self, call: Call) -> AsyncIterator[None]:
        """Keep ``call`` within its deadline.

        Raises:
            CallTooLong: the time is over.
        """
        if call.streams:
            yield
            return
        limit_s = limit_of(call, self._longest_s)
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
