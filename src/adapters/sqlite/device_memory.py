"""The memory of a device as a blob: a format version, then MessagePack."""

import sqlite3
from collections.abc import Iterator

import msgspec

from application.errors import WrongShape
from domain.device import DeviceMemory

_VERSION = 3
_READ_AT_ONCE = 1_000

_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(DeviceMemory).decode


def device_number(dev_eui: str) -> int:
    """Return a DevEUI as the signed 64-bit integer that is its row."""
    number = int(dev_eui, 16)
    return number - (1 << 64) if number >> 63 else number


def packed(memory: DeviceMemory) -> bytes:
    """Return ``memory`` as a blob."""
    return bytes((_VERSION,)) + _encode(memory)


def unpacked(blob: bytes) -> DeviceMemory:
    """Return the memory in a blob.

    Raises:
        WrongShape: a later version wrote it, or it is damaged.
    """
    if blob[0] != _VERSION:
        raise WrongShape(
            f"a device memory has format {blob[0]}, this stadtfunk reads {_VERSION}: start the version that wrote it",
            found=str(blob[0]),
            expected=str(_VERSION),
        )
    try:
        return _decode(memoryview(blob)[1:])
    except msgspec.MsgspecError as error:
        raise WrongShape(f"a device memory is damaged: {error}; move stadtfunk.db away to compute it anew") from error


def stored_memories(connection: sqlite3.Connection) -> Iterator[list[DeviceMemory]]:
    """Yield all memories, a thousand at once: 185,000 take a second, and others want to run in between."""
    following = -(1 << 63)
    while rows := connection.execute(
        "SELECT device, memory FROM device_memory WHERE device >= ? ORDER BY device LIMIT ?", (following, _READ_AT_ONCE)
    ).fetchall():
        yield [unpacked(memory) for _, memory in rows]
        following = rows[-1][0] + 1
