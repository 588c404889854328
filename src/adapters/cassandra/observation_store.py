"""Observations written to Cassandra."""

import asyncio
from collections.abc import Sequence

from adapters.cassandra.cells import cells_of
from adapters.cassandra.days import KnownDays, day_of
from adapters.cassandra.rows import BatchLimits, Row, bigint, integer, packed
from adapters.cassandra.session import CassandraSession
from adapters.cassandra.statements import Cql
from domain.observation import Observation


class CassandraObservationStore:
    """One row for each observation; the day it falls on is indexed once for each device."""

    def __init__(self, session: CassandraSession, limits: BatchLimits | None = None) -> None:
        self._session = session
        self._limits = limits or BatchLimits()
        self._known_days = KnownDays()

    async def write(self, observations: Sequence[Observation]) -> None:
        rows = [_row(observation) for observation in observations if observation.readings]
        days = {row.partition: _day(row) for row in rows if row.partition not in self._known_days}
        await self._session.write(packed([*days.values(), *rows], self._limits))
        self._known_days.add(days, asyncio.get_running_loop().time())


def _row(observation: Observation) -> Row:
    event_ns = observation.event_ns
    device, day = observation.dev_eui.encode(), integer(day_of(event_ns))
    values = [bigint(observation.written_us), cells_of(observation), device, day, bigint(event_ns)]
    return Row(Cql.WRITE_OBSERVATION, device + day, values)


def _day(row: Row) -> Row:
    """Return the index entry for the partition of ``row``; the index has one partition for each device."""
    _, _, device, day, _ = row.values
    return Row(Cql.WRITE_DAY, device, [device, day])
