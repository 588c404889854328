"""The journal: observations of whole batches, durable with their batch and not yet in their table."""

import sqlite3
from collections.abc import Iterator, Sequence

import msgspec
from cramjam import DecompressionError, zstd

from adapters.sqlite.observation_row import Row
from application.errors import WrongShape

_LEVEL = -1
"""Of Zstandard: 0.3 µs a row for a sixth of the bytes, which are written twice and removed soon."""
_ZSTD = b"\x28\xb5\x2f\xfd"
"""How its frames begin (RFC 8878, section 3.1.1); MessagePack writes no list so."""
_FORGOTTEN_AT_ONCE = 4
"""Entries: four times as many as a commit adds."""
_FORGET = """DELETE FROM journal WHERE id <= min(?, (SELECT min(id) FROM journal) + ? - 1)
    AND id < (SELECT max(id) FROM journal)"""
"""The newest entry stays: SQLite numbers the rows of an empty table from 1, and what came next would be taken for what
is settled."""

_encode = msgspec.msgpack.Encoder().encode
_decode_rows = msgspec.msgpack.Decoder(list[Row]).decode
_decode_parts = msgspec.msgpack.Decoder(list[bytes]).decode


def journal_part(rows: Sequence[Row]) -> bytes:
    """Return ``rows`` as a part of an entry."""
    return _encode(rows)


def write_journal(connection: sqlite3.Connection, parts: Sequence[bytes]) -> None:
    """Keep ``parts`` as one entry, within the caller's transaction."""
    if parts:
        body = zstd.compress(_encode(parts), _LEVEL)
        connection.execute("INSERT INTO journal (body) VALUES (?)", (memoryview(body),))


def journal_end(connection: sqlite3.Connection) -> int:
    """Return the number of the newest entry."""
    [newest] = connection.execute("SELECT max(id) FROM journal").fetchone()
    return newest or 0


def forget_journal(connection: sqlite3.Connection, through: int) -> None:
    """Remove the oldest entries up to ``through``, which are in their table; not all at once, to make no pause."""
    connection.execute(_FORGET, (through, _FORGOTTEN_AT_ONCE))


def stored_journal(connection: sqlite3.Connection) -> Iterator[list[Row]]:
    """Yield what an earlier process left in the journal, oldest first.

    Raises:
        WrongShape: it is damaged.
    """
    for (body,) in connection.execute("SELECT body FROM journal ORDER BY id"):
        try:
            yield from _rows(body)
        except (DecompressionError, msgspec.MsgspecError) as error:
            raise WrongShape(
                f"the journal is damaged: {error}; move stadtfunk.db away to compute it anew from the raw log"
            ) from error


def _rows(body: bytes) -> Iterator[list[Row]]:
    """Yield the rows of an entry, part by part."""
    if body[:4] == _ZSTD:
        for part in _decode_parts(zstd.decompress(body)):
            yield _decode_rows(part)
    else:  # as entries were before they had parts
        yield _decode_rows(body)
