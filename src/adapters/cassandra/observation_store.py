"""Observations written to Cassandra."""

import asyncio
import time
from collections.abc import Callable, Iterator, Sequence

from adapters.cassandra.cells import told
from adapters.cassandra.class_tables import Classes, KnownClasses
from adapters.cassandra.days import KnownDays
from adapters.cassandra.observation_rows import day_row, observation_row
from adapters.cassandra.rows import Row
from adapters.cassandra.segments import Segments
from adapters.cassandra.session import CassandraSession
from domain.observation import Observation


class CassandraObservationStore:
    """A row for each observation, and segments by class of all that come together.

    A day is indexed once for each device.
    """

    def __init__(self, session: CassandraSession, wall_clock: Callable[[], float] = time.time) -> None:
        """Take the session; ``wall_clock`` tells the seconds since 1970-01-01 UTC."""
        self._session = session
        self._wall_clock = wall_clock
        self._classes = KnownClasses(session)
        self._known_days = KnownDays()
        self.expired = 0
        """Observations that came when their time to be kept was over; they were not stored."""

    async def write(self, observations: Sequence[Observation]) -> None:
        loop = asyncio.get_running_loop()
        classes, now_s = await self._classes.current(loop.time()), int(self._wall_clock())
        days: set[bytes] = set()
        await self._session.write(self._rows(observations, classes, now_s, days))
        self._known_days.add(days, loop.time())

    def _rows(
        self, observations: Sequence[Observation], classes: Classes, now_s: int, days: set[bytes]
    ) -> Iterator[Row]:
        """Yield all rows, and add to ``days`` those that were not known."""
        segments = Segments(classes, now_s)
        for observation in observations:
            if not observation.readings:
                continue
            cells = told(observation)
            yield from segments.add(observation, cells)
            row = observation_row(observation, cells, classes, now_s)
            if row is None:
                self.expired += 1
                continue
            yield row
            if row.partition not in self._known_days and row.partition not in days:
                days.add(row.partition)
                yield day_row(row)
        yield from segments.rest()
