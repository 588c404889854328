"""Replaced readings in SQLite, beside the master data: no decoder of today computes them again."""

from collections.abc import Sequence

import msgspec

from adapters.sqlite.database import SqliteDatabase
from application.ports.reading_history import Superseded
from application.ports.reading_query import ReadingFilter, StoredReading
from domain.identifiers import DevEui

_KEEP = """INSERT INTO superseded VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET
    until_us = excluded.until_us, body = excluded.body WHERE excluded.until_us > until_us"""
_BELIEVED = """SELECT body, until_us FROM superseded WHERE dev_eui = ? AND event_ns >= ? AND event_ns < ?
    AND written_us <= ? AND until_us > ? ORDER BY event_ns, name"""
_KEPT = """SELECT body, until_us FROM superseded WHERE dev_eui = ? AND event_ns >= ? AND event_ns < ?
    ORDER BY event_ns, name, written_us"""
_LEAST, _GREATEST = -(2**63), 2**63 - 1
"""SQLite's integers."""

_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(StoredReading).decode


class SqliteReadingHistory:
    """One row for each replaced reading."""

    def __init__(self, database: SqliteDatabase) -> None:
        self._file = database.registry

    async def keep(self, superseded: Sequence[StoredReading], until_us: int) -> None:
        rows = [
            (each.dev_eui, each.event_ns, f"{each.reading.measurand}/{each.reading.channel}", each.written_us, until_us,
             _encode(each))
            for each in superseded
        ]  # fmt: skip
        with self._file.writing() as connection:
            connection.executemany(_KEEP, rows)

    async def believed(self, device: DevEui, asked: ReadingFilter, at_us: int) -> Sequence[StoredReading]:
        found = self._found(_BELIEVED, device, asked, at_us, at_us)
        return [each.stored for each in found if each.was_believed(at_us)]

    async def kept(self, device: DevEui, asked: ReadingFilter) -> Sequence[Superseded]:
        return self._found(_KEPT, device, asked)

    def _found(self, select: str, device: DevEui, asked: ReadingFilter, *more: int) -> list[Superseded]:
        since_ns, until_ns = max(asked.since_ns, _LEAST), min(asked.until_ns, _GREATEST)
        with self._file.reading() as connection:
            rows = connection.execute(select, (device, since_ns, until_ns, *more)).fetchall()
        return [Superseded(stored, until_us) for body, until_us in rows if asked.takes(stored := _decode(body))]
