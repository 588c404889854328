"""The table of device memories: a row each, with the bytes of ``adapters.device_memory``."""

import sqlite3
from collections.abc import Iterator

from adapters.device_memory.record import offset_of

_READ_AT_ONCE = 1_000


def device_number(dev_eui: str) -> int:
    """Return a DevEUI as the signed 64-bit integer that is its row."""
    number = int(dev_eui, 16)
    return number - (1 << 64) if number >> 63 else number


def stored_memories(connection: sqlite3.Connection) -> Iterator[list[tuple[str, bytes]]]:
    """Yield DevEUIs and memories, a thousand at once: others want to run in between.

    Raises:
        WrongShape: a later version wrote one of them, or it is damaged.
    """
    following = -(1 << 63)
    while rows := connection.execute(
        "SELECT device, memory FROM device_memory WHERE device >= ? ORDER BY device LIMIT ?", (following, _READ_AT_ONCE)
    ).fetchall():
        for _, memory in rows:
            offset_of(memory)
        yield [(f"{device % (1 << 64):016x}", memory) for device, memory in rows]
        following = rows[-1][0] + 1
