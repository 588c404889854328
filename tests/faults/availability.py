"""For how long nothing went through: the longest time between two successes at the end of the chain."""

import asyncio
import re
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path

from adapters.grpc.client import GrpcClient
from application.errors import ApplicationError

_LOOK_S = 0.1
_ANSWER_S = 2.0


class Gaps:
    """Successes, and the longest time between two."""

    def __init__(self) -> None:
        self.successes = 0
        self.longest_s = 0.0
        self.last_s = 0.0

    def note(self) -> None:
        """Take note of a success."""
        now = time.monotonic()
        if self.successes:
            self.longest_s = max(self.longest_s, now - self.last_s)
        self.successes += 1
        self.last_s = now

    @property
    def quiet_s(self) -> float:
        """How long ago the last one was."""
        return time.monotonic() - self.last_s


class Progress:
    """Follows a log in which a process says again and again how much it has done; it begins anew after a kill."""

    def __init__(self, log: Path, pattern: str) -> None:
        self._log = log
        self._pattern = re.compile(pattern.encode())
        self._offset = log.stat().st_size if log.exists() else 0
        self._done = 0
        self._is_first = True
        self.gaps = Gaps()

    def look(self) -> None:
        """Take note of a success if more was done since the last look."""
        if not self._log.exists():
            return
        with self._log.open("rb") as log:
            log.seek(self._offset)
            whole, newline, _ = log.read().rpartition(b"\n")
        self._offset += len(whole) + len(newline)
        done = [int(figure) for figure in self._pattern.findall(whole)]
        before = [self._done, *done]
        # A smaller figure is that of a new process, which has done this much since.
        grew = any(now > then or 0 < now < then for then, now in zip(before, done, strict=False))
        if grew and not self._is_first:
            self.gaps.note()
        if done:
            self._done, self._is_first = done[-1], False


class Watch:
    """Looks at the end of the chain, from both sides: rows that are written, questions that are answered."""

    def __init__(self, log: Path, pattern: str, client: Callable[[], GrpcClient]) -> None:
        self._progress = Progress(log, pattern)
        self._client = client
        self.answers = Gaps()

    @property
    def rows(self) -> Gaps:
        """Durable results."""
        return self._progress.gaps

    @asynccontextmanager
    async def __call__(self) -> AsyncIterator[None]:
        """Look until the end of the ``with``."""
        tasks = [asyncio.create_task(self._look()), asyncio.create_task(self._ask())]
        try:
            yield
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _look(self) -> None:
        while True:
            self._progress.look()
            await asyncio.sleep(_LOOK_S)

    async def _ask(self) -> None:
        while True:  # a new channel after each failure: gRPC itself waits longer and longer between two attempts
            async with self._client() as client:
                with suppress(ApplicationError, TimeoutError):
                    while True:
                        async with asyncio.timeout(_ANSWER_S):
                            await client.list_devices(limit=1)
                        self.answers.note()
                        await asyncio.sleep(_LOOK_S)
            await asyncio.sleep(_LOOK_S)
