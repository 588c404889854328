"""Watches: they see that a connector hangs although nothing failed, and end it.

A connector whose store never answers, or whose loop waits for ever, raises nothing. What it should have done is seen
from outside: records wait and the position stands still; a table was to be looked at and nobody did.
"""

import asyncio
import logging
import time
from collections.abc import Callable, Mapping

from application.connectors.progress import Progress
from application.errors import Unavailable
from application.ports.backlog import Backlog, Standing
from application.stopping import stopped_within

_log = logging.getLogger(__name__)
_LATE = 3
"""Times the pause between two looks: a watch that comes later was held up itself, and knows nothing of meanwhile."""
_LATE_S = 5.0


class BacklogWatch:
    """Of a connector that reads positions: some part has more to read, and its position stands still."""

    def __init__(
        self,
        backlog: Backlog,
        progress: Progress,
        *,
        every_s: float,
        stuck_after_s: float,
        is_proof: bool = False,
        now_s: Callable[[], float] = time.monotonic,
    ) -> None:
        """Take what to look at, how often, and how long a position may stand; ``now_s`` never goes back or leaps.

        ``is_proof``: where nothing waits, all that there is at the far end is stored, and that is a success.
        """
        self._is_proof = is_proof
        self._backlog = backlog
        self._progress = progress
        self._every_s = every_s
        self._stuck_after_s = stuck_after_s
        self._now_s = now_s
        self._looked_s = now_s()
        self._stood: dict[str, tuple[int, float]] = {}
        """By part that is behind: its position, and since when it was seen to stand there."""

    async def run(self, stop: asyncio.Event) -> None:
        """Look until ``stop``; a look that fails says nothing of the connector, and what was seen before it neither.

        Raises:
            Unavailable: the connector hangs.
        """
        while not stop.is_set():
            try:
                standing = await self._backlog.standing()
            except Unavailable as error:
                self._stood.clear()
                _log.warning("what waits cannot be looked at: %s", error)
            else:
                self.note(standing)
            await stopped_within(stop, self._every_s)

    def note(self, standing: Mapping[str, Standing]) -> None:
        """Take note of ``standing``.

        Raises:
            Unavailable: one of them stands still for too long.
        """
        now_s = self._now_s()
        if now_s - self._looked_s > self._every_s * _LATE + _LATE_S:
            self._stood.clear()
        self._looked_s = now_s
        behind = {part: place for part, place in standing.items() if place.end > place.done}
        self._progress.note_lag(sum(place.end - place.done for place in behind.values()))
        if self._is_proof and not behind:
            self._progress.succeeded()
        self._stood = {part: self._since(part, place.done, now_s) for part, place in behind.items()}
        for part, (done, since_s) in self._stood.items():
            if now_s - since_s >= self._stuck_after_s + behind[part].grace_s:
                raise Unavailable(
                    f"{part}: {behind[part].end - done} wait, and nothing was done for {now_s - since_s:.0f} s: the"
                    " connector hangs; start it again",
                    part=part,
                )

    def _since(self, part: str, done: int, now_s: float) -> tuple[int, float]:
        before = self._stood.get(part)
        return before if before is not None and before[0] == done else (done, now_s)


class PulseWatch:
    """Of a connector that looks again and again: it must have come to the end of a look every so often."""

    def __init__(
        self,
        progress: Progress,
        *,
        every_s: float,
        stuck_after_s: float,
        now_s: Callable[[], float] = time.monotonic,
    ) -> None:
        """Take how often it looks, and how much longer a look may take; ``now_s`` never goes back or leaps."""
        self._progress = progress
        self._every_s = every_s
        self._stuck_after_s = stuck_after_s
        self._now_s = now_s
        self._felt_s = self._checked_s = now_s()
        self._successes = progress.successes

    async def run(self, stop: asyncio.Event) -> None:
        """Watch until ``stop``.

        Raises:
            Unavailable: the connector hangs.
        """
        while not stop.is_set():
            self.check()
            await stopped_within(stop, self._every_s)

    def check(self) -> None:
        """Return if the last look is not too long ago.

        Raises:
            Unavailable: it is.
        """
        now_s = self._now_s()
        is_late = now_s - self._checked_s > self._every_s * _LATE + _LATE_S
        self._checked_s = now_s
        if is_late or self._progress.successes != self._successes:
            self._felt_s, self._successes = now_s, self._progress.successes
        silent_s = now_s - self._felt_s
        if silent_s >= self._every_s + self._stuck_after_s:
            raise Unavailable(
                f"it looks every {self._every_s:g} s, and came to the end of no look for {silent_s:.0f} s: the"
                " connector hangs; start it again"
            )
