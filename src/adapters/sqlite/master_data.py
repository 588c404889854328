"""Master data in SQLite: one row a record, its body as JSON, in a file of its own.

Results can be computed anew from the raw log; what people typed in cannot.
"""

from collections.abc import Sequence
from typing import cast

import msgspec

from adapters.sqlite.database import SqliteDatabase
from application.errors import NotFound, WrongShape
from application.ports.master_data import MasterRecord, R, kind_of

_WRITE = """INSERT INTO records VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE SET
    written_us = excluded.written_us, body = excluded.body WHERE excluded.written_us >= written_us"""
_GET = "SELECT body FROM records WHERE kind = ? AND key = ? AND body IS NOT NULL"
_PAGE = """SELECT body FROM records WHERE kind = ? AND key > ? AND key >= ? AND key < ? AND body IS NOT NULL
    ORDER BY key LIMIT ?"""
_BEYOND = "\U0010ffff"
"""Greater than all that a key may hold."""

_encode = msgspec.json.Encoder().encode
_decoder: msgspec.json.Decoder[MasterRecord] = msgspec.json.Decoder(MasterRecord)


class SqliteMasterData:
    """Each call of ``put`` is one transaction."""

    def __init__(self, database: SqliteDatabase) -> None:
        self._file = database.registry

    async def put(self, records: Sequence[MasterRecord]) -> None:
        rows = [(kind_of(type(record)), record.key, record.written_us, _encode(record).decode()) for record in records]
        with self._file.writing() as connection:
            connection.executemany(_WRITE, rows)

    async def remove(self, kind: type[MasterRecord], key: str, written_us: int) -> None:
        with self._file.writing() as connection:
            connection.execute(_WRITE, (kind_of(kind), key, written_us, None))

    async def get(self, kind: type[R], key: str) -> R:
        with self._file.reading() as connection:
            found = connection.execute(_GET, (kind_of(kind), key)).fetchone()
        if found is None:
            raise NotFound(f"no {kind_of(kind)} {key!r} is registered", kind=kind_of(kind), key=key)
        return cast("R", _record(found[0]))

    async def page(self, kind: type[R], *, size: int, after: str = "", prefix: str = "") -> Sequence[R]:
        with self._file.reading() as connection:
            rows = connection.execute(_PAGE, (kind_of(kind), after, prefix, prefix + _BEYOND, size)).fetchall()
        return [cast("R", _record(body)) for (body,) in rows]


def _record(body: str) -> MasterRecord:
    try:
        return _decoder.decode(body)
    except msgspec.MsgspecError as error:
        raise WrongShape(f"registry.db holds a record that this stadtfunk cannot read: {error}") from error
