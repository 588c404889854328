"""A role looks at the lag of its own group, for whoever collects metrics."""

import asyncio
import logging
from collections.abc import Sequence

from application.errors import ApplicationError
from application.lag import GroupLag, Lag
from application.stopping import stopped_within

_log = logging.getLogger(__name__)

EVERY_S = 30.0
"""A look costs some 20 requests and 50 ms of our time."""


class LagWatch:
    """Keeps what the last look found."""

    def __init__(self, lag: Lag, group: str, every_s: float = EVERY_S) -> None:
        self._lag = lag
        self._group = group
        self._every_s = every_s
        self.newest: Sequence[GroupLag] = ()

    async def run(self, stop: asyncio.Event) -> None:
        """Look until ``stop``; a look that fails is told and shows nothing: others decide whether Kafka is there."""
        while not stop.is_set():
            try:
                self.newest = await self._lag.of(self._group)
            except ApplicationError as error:
                self.newest = ()
                _log.warning("the lag cannot be looked at: %s", error)
            await stopped_within(stop, self._every_s)
