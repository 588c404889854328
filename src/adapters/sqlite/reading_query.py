"""The store of observations in SQLite, read side.

The table is read in slices along its key, with the event loop free in between; what is not yet in the table is merged
into each slice. A reading is never missed when it moves into the table between two slices: it is in one or in both.
"""

import asyncio
from collections.abc import AsyncIterator, Sequence

from adapters.sqlite.database import SqliteDatabase
from adapters.sqlite.observation_row import Row, by_event, readings_of
from application.ports.reading_query import ReadingFilter, StoredReading
from domain.identifiers import DevEui

_CHUNK = 1_000
_ROWS = 500
"""Rows of one slice: 1 to 2 ms."""
_LEAST, _GREATEST = -(2**63), 2**63 - 1
"""SQLite's integers."""

_OLDEST = """SELECT * FROM observations WHERE dev_eui = ? AND event_ns >= ? AND event_ns < ?
    ORDER BY event_ns LIMIT ?"""
_NEWEST = """SELECT * FROM observations WHERE dev_eui = ? AND event_ns >= ? AND event_ns < ?
    ORDER BY event_ns DESC LIMIT ?"""


class SqliteReadingQuery:
    """Reads the table, and what is still to be settled into it."""

    def __init__(self, database: SqliteDatabase) -> None:
        self._file = database.results
        self._unsettled = database.unsettled

    async def page(
        self, device: DevEui, asked: ReadingFilter, *, size: int, after: tuple[int, str, str] | None = None
    ) -> Sequence[StoredReading]:
        until_ns = asked.until_ns if after is None else min(asked.until_ns, after[0] + 1)
        found: list[StoredReading] = []
        async for rows in self._backwards(device, asked.since_ns, until_ns, min(_ROWS, size + 1)):
            for row in rows:
                found.extend(each for each in readings_of(row, asked) if after is None or _is_beyond(each, after))
                if len(found) >= size:
                    return found[:size]
        return found

    async def stream(self, devices: Sequence[DevEui], asked: ReadingFilter) -> AsyncIterator[Sequence[StoredReading]]:
        for device in devices:
            async for rows in self._forwards(device, asked.since_ns, asked.until_ns):
                readings = [reading for row in rows for reading in readings_of(row, asked)]
                for start in range(0, len(readings), _CHUNK):
                    yield readings[start : start + _CHUNK]

    async def _backwards(self, device: DevEui, since_ns: int, until_ns: int, most: int) -> AsyncIterator[list[Row]]:
        """Yield the rows of ``device`` newest first, about ``most`` at once."""
        since_ns, until_ns = max(since_ns, _LEAST), min(until_ns, _GREATEST)
        while since_ns < until_ns:
            stored = self._stored(_NEWEST, (device, since_ns, until_ns, most))
            reached = since_ns if len(stored) < most else stored[-1][1]
            yield self._with_unsettled(device, stored, reached, until_ns)[::-1]
            until_ns = reached
            await asyncio.sleep(0)

    async def _forwards(self, device: DevEui, since_ns: int, until_ns: int) -> AsyncIterator[list[Row]]:
        """Yield the rows of ``device`` oldest first, some at once."""
        since_ns, until_ns = max(since_ns, _LEAST), min(until_ns, _GREATEST)
        while since_ns < until_ns:
            stored = self._stored(_OLDEST, (device, since_ns, until_ns, _ROWS))
            reached = until_ns if len(stored) < _ROWS else stored[-1][1] + 1
            yield self._with_unsettled(device, stored, since_ns, reached)
            since_ns = reached
            await asyncio.sleep(0)

    def _stored(self, select: str, values: tuple[str, int, int, int]) -> list[Row]:
        with self._file.reading() as connection:
            return connection.execute(select, values).fetchall()

    def _with_unsettled(self, device: DevEui, stored: Sequence[Row], since_ns: int, until_ns: int) -> list[Row]:
        """Return ``stored``, all rows of the table in the range, and what is not in it yet, oldest first."""
        unsettled = self._unsettled.observations(device)
        rows = by_event([*stored, *(row for event_ns, row in unsettled.items() if since_ns <= event_ns < until_ns)])
        return [rows[event_ns] for event_ns in sorted(rows)]


def _is_beyond(stored: StoredReading, after: tuple[int, str, str]) -> bool:
    """Say whether ``stored`` comes after ``after`` where the newest come first."""
    event_ns, measurand, channel = after
    if stored.event_ns != event_ns:
        return stored.event_ns < event_ns
    return (stored.reading.measurand, stored.reading.channel) > (measurand, channel)
