"""Observations written to Cassandra."""

import asyncio
import time
from collections.abc import Callable, Sequence

from adapters.cassandra.class_tables import KnownClasses
from adapters.cassandra.days import KnownDays
from adapters.cassandra.observation_rows import day_row, rows_of
from adapters.cassandra.rows import Row
from adapters.cassandra.session import CassandraSession
from domain.observation import Observation


class CassandraObservationStore:
    """A row for each observation and one for each of its data classes; its day is indexed once for each device."""

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
        days: dict[bytes, Row] = {}
        rows: list[Row] = []
        for observation in observations:
            if not observation.readings:
                continue
            row, by_class = rows_of(observation, classes, now_s)
            rows += by_class
            if row is None:
                self.expired += 1
                continue
            rows.append(row)
            if row.partition not in self._known_days:
                days[row.partition] = day_row(row)
        await self._session.write([*days.values(), *rows])
        self._known_days.add(days, loop.time())
