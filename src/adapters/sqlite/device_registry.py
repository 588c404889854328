"""The registry of devices in SQLite."""

import sqlite3
from collections.abc import Sequence

import msgspec

from adapters.sqlite.database import SqliteDatabase
from application.errors import NotFound
from domain.device import Device
from domain.identifiers import DevEui

_WRITE = """INSERT INTO devices VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET
    written_us = excluded.written_us, device_type = excluded.device_type, source = excluded.source,
    application_id = excluded.application_id, device_id = excluded.device_id,
    registered_us = excluded.registered_us, attributes = excluded.attributes
    WHERE excluded.written_us >= written_us"""
_GET = "SELECT * FROM devices WHERE dev_eui = ?"
_PAGE = "SELECT * FROM devices WHERE dev_eui > ? ORDER BY dev_eui LIMIT ?"
_PAGE_OF_TYPE = "SELECT * FROM devices WHERE dev_eui > ? AND device_type = ? ORDER BY dev_eui LIMIT ?"

_Row = tuple[DevEui, int, str, str, str, str, int, str]

_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(dict[str, str]).decode


def write_devices(connection: sqlite3.Connection, devices: Sequence[Device]) -> None:
    """Store ``devices`` within the caller's transaction; the later written stays."""
    connection.executemany(_WRITE, [_row(device) for device in devices])


class SqliteDeviceRegistry:
    """One row a device; each call of ``register`` is one transaction."""

    def __init__(self, database: SqliteDatabase) -> None:
        self._file = database.results

    async def register(self, devices: Sequence[Device]) -> None:
        with self._file.writing() as connection:
            write_devices(connection, devices)

    async def get(self, device: DevEui) -> Device:
        with self._file.reading() as connection:
            found = connection.execute(_GET, (device,)).fetchone()
        if found is None:
            raise NotFound(f"no device {device} is registered", dev_eui=device)
        return _device(found)

    async def page(self, *, size: int, after: str = "", device_type: str = "") -> Sequence[Device]:
        with self._file.reading() as connection:
            if device_type:
                rows = connection.execute(_PAGE_OF_TYPE, (after, device_type, size)).fetchall()
            else:
                rows = connection.execute(_PAGE, (after, size)).fetchall()
        return [_device(row) for row in rows]


def _row(device: Device) -> _Row:
    return (
        device.dev_eui,
        device.written_us,
        device.device_type,
        device.source,
        device.application_id,
        device.device_id,
        device.registered_us,
        _encode(device.attributes).decode(),
    )


def _device(row: _Row) -> Device:
    return Device(*row[:-1], _decode(row[-1]))
