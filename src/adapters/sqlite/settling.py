"""Moving a slice of a generation into the tables, sorted by device, within the transaction of a commit."""

import sqlite3
from collections.abc import Sequence

import msgspec

from adapters.sqlite.device_memory import device_number, packed
from adapters.sqlite.loss_days import write_losses
from adapters.sqlite.observation_row import Row, by_event
from adapters.sqlite.observation_table import write_rows
from adapters.sqlite.unsettled import Generation

_MEMORY = """INSERT INTO device_memory VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET
    memory = excluded.memory, connection = coalesce(excluded.connection, connection)"""

_encode = msgspec.json.Encoder().encode


def settle(connection: sqlite3.Connection, generation: Generation, devices: Sequence[str]) -> None:
    """Write what ``generation`` has of ``devices``, sorted; writing it again changes nothing."""
    rows: list[Row] = []
    for device in devices:
        rows.extend(_in_order(generation.observations.get(device, ())))
    write_rows(connection, rows)
    memories = [_memory_row(generation, device) for device in devices if device in generation.memories]
    connection.executemany(_MEMORY, sorted(memories))
    write_losses(connection, (row for device in devices for row in generation.losses.get(device, {}).values()))


def _in_order(rows: Sequence[Row]) -> Sequence[Row]:
    """Return the observations of one device by event time, merged where they are of one instant."""
    if len(rows) <= 1:
        return rows
    events = by_event(rows)
    return [events[event_ns] for event_ns in sorted(events)]


def _memory_row(generation: Generation, device: str) -> tuple[int, bytes, str | None]:
    last = generation.connections.get(device)
    spelled = None if last is None else _encode(last).decode()
    return device_number(device), packed(generation.memories[device]), spelled
