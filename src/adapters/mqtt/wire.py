"""The bytes between us and a broker: an asyncio transport that paho-mqtt may use as its socket.

paho reads a packet in about six small ``recv``; here they are slices of what the loop has read in one go, and what
paho sends is written once per turn of the loop. TLS, partial writes and the loop's readers and writers are asyncio's.
Not reading is the back-pressure: while paused, what the broker sends waits in its own memory.
"""

import asyncio
from collections.abc import Callable
from typing import cast

_HIGH_WATER = 1_048_576
"""Bytes written and not yet taken by the kernel before ``drained`` waits: some 600 uplinks."""


class Wire(asyncio.Protocol):
    """One TCP or TLS connection; the lower half of a ``Connection``."""

    def __init__(self, on_data: Callable[[], None], on_end: Callable[[], None]) -> None:
        self._on_data = on_data
        self._on_end = on_end
        self._loop = asyncio.get_running_loop()
        self._transport: asyncio.Transport | None = None
        self._read = b""
        self._at = 0
        self._unsent: list[bytes | bytearray] = []
        self._writable = asyncio.Event()
        self._writable.set()

    # What the loop calls.

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)
        self._transport.set_write_buffer_limits(high=_HIGH_WATER)

    def data_received(self, data: bytes) -> None:
        self._read = self._read[self._at :] + data if self.unread else data
        self._at = 0
        self._on_data()

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002  a protocol's signature
        self._transport = None
        self._writable.set()
        self._on_end()

    def pause_writing(self) -> None:
        self._writable.clear()

    def resume_writing(self) -> None:
        self._writable.set()

    # What paho calls, of the few methods of a socket that it uses.

    def recv(self, buffer_size: int) -> bytes:
        """Return up to ``buffer_size`` bytes; nothing read: as a socket that would block, or has ended."""
        end = self._at + buffer_size
        data = self._read[self._at : end]
        self._at += len(data)
        if not data and self._transport is not None:
            raise BlockingIOError
        return data

    def send(self, buffer: bytes | bytearray) -> int:
        """Take all of ``buffer``, to be written in this turn of the loop."""
        if not self._unsent:
            self._loop.call_soon(self.flush)
        self._unsent.append(buffer)
        return len(buffer)

    def close(self) -> None:
        """End the connection once everything is written."""
        if self._transport is not None:
            self.flush()
            self._transport.close()

    def fileno(self) -> int:
        """Return no descriptor: the loop does the waiting."""
        return -1

    def setblocking(self, flag: bool) -> None:  # noqa: FBT001  a socket's signature
        """Do nothing: it never blocks."""

    # What the connection calls.

    @property
    def is_open(self) -> bool:
        """Whether there is a connection."""
        return self._transport is not None

    @property
    def unread(self) -> int:
        """How many bytes were read and not yet taken."""
        return len(self._read) - self._at

    def flush(self) -> None:
        """Write what was sent."""
        unsent, self._unsent = self._unsent, []
        if self._transport is not None and unsent:
            self._transport.write(b"".join(unsent))

    async def drained(self) -> None:
        """Return once the kernel has taken most of what was sent."""
        self.flush()
        await self._writable.wait()

    def pause(self) -> None:
        """Read no further."""
        if self._transport is not None:
            self._transport.pause_reading()

    def resume(self) -> None:
        """Read on."""
        if self._transport is not None:
            self._transport.resume_reading()

    def forget(self) -> None:
        """Drop what was read and not yet taken."""
        self._read, self._at = b"", 0

    def abort(self) -> None:
        """End the connection at once; what is not written is lost."""
        if self._transport is not None:
            self._transport.abort()
