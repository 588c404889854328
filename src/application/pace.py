"""Holding back: a job beside the live platform works only a share of its time.

A share of time, not a number of uplinks a second: where the servers are busy each piece of work lasts longer, and so
does the rest after it, so that the job gives way by itself.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable

_SLICE_S = 0.02
"""Work between two rests: a fifth of the 100 ms that an uplink may take, so that nobody waits long behind a job."""


class Pace:
    """Rests after each slice of work; a share of 1 never rests."""

    def __init__(
        self,
        share: float,
        now: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        """Take how much of its time the job may work, above 0 and up to 1."""
        self._rest_for_work = 1 / share - 1
        self._now = now
        self._sleep = sleep
        self._since = now()

    async def rest(self) -> None:
        """Return at once, or after a rest if a slice of work is over."""
        worked_s = self._now() - self._since
        if worked_s < _SLICE_S:
            return
        if self._rest_for_work:
            await self._sleep(worked_s * self._rest_for_work)
        self._since = self._now()


AT_ONCE = Pace(1.0)
"""Nobody else is at work."""
