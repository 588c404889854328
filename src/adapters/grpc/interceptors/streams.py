"""Open streams: how many there may be, how long each may last, and how they end when the server stops.

gRPC's own stop waits for open streams until its grace is over, and a stream that nobody ends holds its slot for ever.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from adapters.grpc.errors import CallTooLong, Stopping, StreamLimit, TooManyStreams
from adapters.grpc.interceptors.call import Call
from adapters.grpc.interceptors.deadline import limit_of


class OpenStreams:
    """The streams of one server."""

    def __init__(self, most: int, most_watches: int, longest_s: float) -> None:
        """Take how many streams of ours, and of health and reflection, there may be, and how long ours may last."""
        self._most = {True: most, False: most_watches}
        self._longest_s = longest_s
        self._scopes: set[asyncio.Timeout] = set()
        self._open = {True: 0, False: 0}
        self._stopping = False

    def stop(self) -> None:
        """End all streams at once, and every one that comes."""
        self._stopping = True
        for scope in self._scopes:
            if not scope.expired():
                scope.reschedule(0.0)

    @asynccontextmanager
    async def limited(self, call: Call) -> AsyncIterator[None]:
        """Keep ``call``, if it streams, within the limits; watches of health last as long as their client likes.

        Raises:
            CallTooLong: the client's deadline is over.
            Stopping: the server stops.
            StreamLimit: the stream has run as long as one may.
            TooManyStreams: there are as many as there may be.
        """
        if not call.streams:
            yield
            return
        limit_s = limit_of(call, self._longest_s) if call.is_ours else None
        self._admit(call)
        try:
            async with asyncio.timeout(limit_s) as scope:
                self._scopes.add(scope)
                yield
        except TimeoutError:
            if not scope.expired():
                raise
            raise self._why(limit_s) from None
        finally:
            self._scopes.discard(scope)
            self._open[call.is_ours] -= 1

    def _admit(self, call: Call) -> None:
        if self._stopping:
            raise Stopping("the server is stopping")
        most = self._most[call.is_ours]
        if self._open[call.is_ours] >= most:
            raise TooManyStreams(f"{most} streams are open, as many as there may be")
        self._open[call.is_ours] += 1

    def _why(self, limit_s: float | None) -> Exception:
        if self._stopping:
            return Stopping("the server is stopping")
        if limit_s == self._longest_s:
            return StreamLimit(f"a stream lasts at most {limit_s:g} s: go on with the last resume_token")
        return CallTooLong("the deadline of the call is over")
