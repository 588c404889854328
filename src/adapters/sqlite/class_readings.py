"""Readings by data class and time in SQLite.

Rows lie by device, and an index by time would cost each observation more than the few who ask are worth. So a span is
cut into windows; in each all devices are looked at, some hundreds at a time with the event loop free in between, and
what is found is sorted. A window is as long as it takes to find some thousands of rows, so that looking costs little.
"""

import asyncio
from collections.abc import AsyncIterator, Iterable, Iterator, Sequence
from itertools import islice

from adapters.sqlite.database import SqliteDatabase
from adapters.sqlite.observation_row import Row, by_event, readings_of
from application.ports.class_readings import ClassFilter, place_of
from application.ports.reading_query import ReadingFilter, StoredReading
from domain.identifiers import DevEui

_CHUNK = 1_000
_AT_ONCE = 500
"""Devices looked at without a pause: 5 to 10 ms."""
_FIRST_NS = 900 * 1_000_000_000
"""The first window: a quarter of an hour, in which a meter speaks once."""
_SHORTEST_NS = 1_000_000_000
_ENOUGH, _MANY = 5_000, 20_000
"""Rows: fewer, and the next window is twice as long; more, and it is half."""
_LEAST, _GREATEST = -(2**63), 2**63 - 1
"""SQLite's integers."""

_NAMES = """WITH RECURSIVE named(name) AS (
    SELECT min(dev_eui) FROM observations WHERE dev_eui > ?
    UNION ALL SELECT (SELECT min(dev_eui) FROM observations WHERE dev_eui > name) FROM named WHERE name IS NOT NULL
) SELECT name FROM named WHERE name IS NOT NULL LIMIT ?"""
_ROWS = "SELECT * FROM observations WHERE dev_eui = ? AND event_ns >= ? AND event_ns < ?"
_NEXT = "SELECT min(event_ns) FROM observations WHERE dev_eui = ? AND event_ns >= ?"


class SqliteClassReadings:
    """Reads the table, and what is still to be settled into it."""

    def __init__(self, database: SqliteDatabase) -> None:
        self._file = database.results
        self._unsettled = database.unsettled

    async def stream(self, asked: ClassFilter) -> AsyncIterator[Sequence[StoredReading]]:
        devices = await self._devices()
        since_ns, until_ns = max(asked.since_ns, _LEAST), min(asked.until_ns, _GREATEST)
        length_ns = _FIRST_NS
        while since_ns < until_ns:
            end_ns = min(since_ns + length_ns, until_ns)
            rows = await self._window(devices, since_ns, end_ns)
            wanted = ReadingFilter(since_ns, end_ns, asked.measurands)
            found = sorted(
                (each for row in rows for each in readings_of(row, wanted) if asked.takes(each)), key=place_of
            )
            for start in range(0, len(found), _CHUNK):
                yield found[start : start + _CHUNK]
            since_ns = end_ns if rows else await self._next_event(devices, end_ns, until_ns)
            length_ns = _next_length(length_ns, len(rows))

    async def _devices(self) -> list[str]:
        """Return all who have observations."""
        names: list[str] = []
        some = [""]
        while some:
            with self._file.reading() as connection:
                some = [name for (name,) in connection.execute(_NAMES, (some[-1], _AT_ONCE))]
            names += some
            await asyncio.sleep(0)
        settling = self._unsettled.settling
        unsettled = {*self._unsettled.filling.observations, *(settling.observations if settling else ())}
        return sorted(unsettled.union(names))

    async def _window(self, devices: Sequence[str], since_ns: int, until_ns: int) -> list[Row]:
        """Return all rows of a window."""
        rows: list[Row] = []
        for some in _parts(devices):
            with self._file.reading() as connection:
                for device in some:
                    stored = connection.execute(_ROWS, (device, since_ns, until_ns)).fetchall()
                    rows += self._with_unsettled(device, stored, since_ns, until_ns)
            await asyncio.sleep(0)
        return rows

    def _with_unsettled(self, device: str, stored: Sequence[Row], since_ns: int, until_ns: int) -> Iterable[Row]:
        unsettled = self._unsettled.observations(DevEui(device))
        newer = [row for event_ns, row in unsettled.items() if since_ns <= event_ns < until_ns]
        return by_event([*stored, *newer]).values() if newer else stored

    async def _next_event(self, devices: Sequence[str], since_ns: int, until_ns: int) -> int:
        """Return the first event from ``since_ns`` on, so that nobody walks through empty years."""
        first = until_ns
        for some in _parts(devices):
            with self._file.reading() as connection:
                for device in some:
                    [(stored,)] = connection.execute(_NEXT, (device, since_ns))
                    first = first if stored is None else min(first, stored)
                    unsettled = self._unsettled.observations(DevEui(device))
                    first = min((event_ns for event_ns in unsettled if since_ns <= event_ns < first), default=first)
            await asyncio.sleep(0)
        return first


def _next_length(length_ns: int, rows: int) -> int:
    if rows < _ENOUGH:
        return length_ns * 2 if rows else _FIRST_NS
    return max(length_ns // 2, _SHORTEST_NS) if rows > _MANY else length_ns


def _parts(devices: Sequence[str]) -> Iterator[Sequence[str]]:
    remaining = iter(devices)
    while some := list(islice(remaining, _AT_ONCE)):
        yield some
