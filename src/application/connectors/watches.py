"""Watches: they see that a connector hangs although nothing failed, and end it.

A connector whose store never answers, or whose loop waits for ever, raises nothing. What it should have done is seen
from outside: records wait and the position stands still; a table was to be looked at and nobody did.
"""

import asyncio
import logging
from collections.abc import Mapping
from contextlib import suppress

from application.connectors.progress import Progress
from application.errors import Unavailable
from application.ports.backlog import Backlog, Standing
from application.ports.clock import Clock

_log = logging.getLogger(__name__)
_US_PER_S = 1_000_000


class BacklogWatch:
    """Of a connector that reads positions: some part has more to read, and its position stands still."""

    def __init__(
        self, backlog: Backlog, progress: Progress, clock: Clock, *, every_s: float, stuck_after_s: float
    ) -> None:
        self._backlog = backlog
        self._progress = progress
        self._clock = clock
        self._every_s = every_s
        self._stuck_after_s = stuck_after_s
        self._stood: dict[str, tuple[int, int]] = {}
        """By part that is behind: its position, and since when it stands there (µs)."""

    async def run(self, stop: asyncio.Event) -> None:
        """Look until ``stop``; a look that fails says nothing of the connector.

        Raises:
            Unavailable: the connector hangs.
        """
        while not stop.is_set():
            try:
                standing = await self._backlog.standing()
            except Unavailable as error:
                _log.warning("what waits cannot be looked at: %s", error)
            else:
                self.note(standing)
            with suppress(TimeoutError):
                async with asyncio.timeout(self._every_s):
                    await stop.wait()

    def note(self, standing: Mapping[str, Standing]) -> None:
        """Take note of ``standing``.

        Raises:
            Unavailable: one of them stands still for too long.
        """
        now_us = self._clock.now_us()
        behind = {part: place for part, place in standing.items() if place.end > place.done}
        self._progress.note_lag(sum(place.end - place.done for place in behind.values()))
        self._stood = {part: self._since(part, place.done, now_us) for part, place in behind.items()}
        for part, (done, since_us) in self._stood.items():
            waited_s = (now_us - since_us) / _US_PER_S
            if waited_s >= self._stuck_after_s:
                raise Unavailable(
                    f"{part}: {behind[part].end - done} wait, and nothing was done for {waited_s:.0f} s: the connector"
                    " hangs; start it again",
                    part=part,
                )

    def _since(self, part: str, done: int, now_us: int) -> tuple[int, int]:
        before = self._stood.get(part)
        return before if before is not None and before[0] == done else (done, now_us)


class PulseWatch:
    """Of a connector that looks again and again: it must have come to the end of a look every so often."""

    def __init__(self, progress: Progress, clock: Clock, *, every_s: float, stuck_after_s: float) -> None:
        """Take how often it looks, and how much longer a look may take."""
        self._progress = progress
        self._clock = clock
        self._every_s = every_s
        self._stuck_after_s = stuck_after_s
        self._began_us = clock.now_us()

    async def run(self, stop: asyncio.Event) -> None:
        """Watch until ``stop``.

        Raises:
            Unavailable: the connector hangs.
        """
        while not stop.is_set():
            self.check()
            with suppress(TimeoutError):
                async with asyncio.timeout(self._every_s):
                    await stop.wait()

    def check(self) -> None:
        """Return if the last look is not too long ago.

        Raises:
            Unavailable: it is.
        """
        since_us = max(self._progress.last_success_us, self._began_us)
        silent_s = (self._clock.now_us() - since_us) / _US_PER_S
        if silent_s >= self._every_s + self._stuck_after_s:
            raise Unavailable(
                f"it looks every {self._every_s:g} s, and came to the end of no look for {silent_s:.0f} s: the"
                " connector hangs; start it again"
            )
