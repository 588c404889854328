"""Moving a slice of a generation into the tables, sorted by device, within the transaction of a commit."""

import sqlite3
from collections.abc import Sequence

from adapters.sqlite.device_memory import device_number
from adapters.sqlite.loss_table import write_losses
from adapters.sqlite.observation_row import Row, by_event
from adapters.sqlite.observation_table import write_rows
from adapters.sqlite.unsettled import Generation

_MEMORY = """INSERT INTO device_memory VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET
    memory = excluded.memory, connection = coalesce(excluded.connection, connection)"""


def settle(connection: sqlite3.Connection, generation: Generation, devices: Sequence[str]) -> None:
    """Write what ``generation`` has of ``devices``, sorted; writing it again changes nothing."""
    observations, memories = generation.observations, generation.memories
    rows: list[Row] = []
    for device in devices:
        rows.extend(_in_order(observations.get(device, ())))
    write_rows(connection, rows)
    last = generation.connections.get
    blobs = [(device_number(device), memories[device], last(device)) for device in devices if device in memories]
    connection.executemany(_MEMORY, sorted(blobs))
    losses = generation.losses
    write_losses(connection, sorted(row for device in devices for row in losses.get(device, ())))


def _in_order(rows: Sequence[Row]) -> Sequence[Row]:
    """Return the observations of one device by event time, merged where they are of one instant."""
    if len(rows) <= 1:
        return rows
    events = by_event(rows)
    return [events[event_ns] for event_ns in sorted(events)]
