"""Replaced readings in SQLite, beside the master data: no decoder of today computes them again."""

from collections.abc import Sequence

import msgspec

from adapters.sqlite.database import SqliteDatabase
from application.ports.reading_query import ReadingFilter, StoredReading
from domain.identifiers import DevEui

_KEEP = "INSERT INTO superseded VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING"
_BELIEVED = """SELECT body FROM superseded WHERE dev_eui = ? AND event_ns >= ? AND event_ns < ?
    AND written_us <= ? AND until_us > ? ORDER BY event_ns, name"""
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
        since_ns, until_ns = max(asked.since_ns, _LEAST), min(asked.until_ns, _GREATEST)
        with self._file.reading() as connection:
            rows = connection.execute(_BELIEVED, (device, since_ns, until_ns, at_us, at_us)).fetchall()
        return [stored for (body,) in rows if asked.takes(stored := _decode(body))]
