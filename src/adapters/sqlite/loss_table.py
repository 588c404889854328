"""A row of the loss ledger, and writing it."""

import sqlite3
from collections.abc import Sequence

import msgspec

from domain.radio import LossDay

LossRow = tuple[int, str, str, int, str]
"""Day, DevEUI, source, write time (µs), body (JSON): as in the table."""

_WRITE = """INSERT INTO loss_days VALUES (?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET
    written_us = excluded.written_us, body = excluded.body WHERE excluded.written_us >= written_us"""

_encode = msgspec.json.Encoder().encode
loss_day = msgspec.json.Decoder(LossDay).decode
"""Of the body of a row."""


def loss_row(row: LossDay) -> LossRow:
    """Return ``row`` as a row of the table."""
    return row.day, row.dev_eui, row.source, row.written_us, _encode(row).decode()


def write_losses(connection: sqlite3.Connection, rows: Sequence[LossRow]) -> None:
    """Store ``rows``, best sorted, within the caller's transaction; the later written stays."""
    connection.executemany(_WRITE, rows)
