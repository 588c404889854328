"""The bytes between us and a broker: an asyncio transport.

What is sent is written once per turn of the loop. TLS, partial writes and the loop's readers and writers are asyncio's.
Not reading is the back-pressure: while paused, what the broker sends waits in its own memory.
"""

import asyncio
from collections.abc import Callable
from typing import cast

_HIGH_WATER = 1_048_576
"""Bytes written and not yet taken by the kernel before ``drained`` waits: some 600 uplinks."""


class Wire(asyncio.Protocol):
    """One TCP or TLS connection; the lower half of a ``Connection``."""

    def __init__(self, on_data: Callable[[bytes], None], on_end: Callable[[], None]) -> None:
        self._on_data = on_data
        self._on_end = on_end
        self._loop = asyncio.get_running_loop()
        self._transport: asyncio.Transport | None = None
        self._unsent: list[bytes] = []
        self._writable = asyncio.Event()
        self._writable.set()

    # What the loop calls.

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)
        self._transport.set_write_buffer_limits(high=_HIGH_WATER)

    def data_received(self, data: bytes) -> None:
        self._on_data(data)

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002  a protocol's signature
        self._transport = None
        self._writable.set()
        self._on_end()

    def pause_writing(self) -> None:
        self._writable.clear()

    def resume_writing(self) -> None:
        self._writable.set()

    # What the connection calls.

    @property
    def is_open(self) -> bool:
        """Whether there is a connection."""
        return self._transport is not None

    def send(self, data: bytes) -> None:
        """Have ``data`` written in this turn of the loop."""
        if not self._unsent:
            self._loop.call_soon(self.flush)
        self._unsent.append(data)

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

    def abort(self) -> None:
        """End the connection at once; what is not written is lost."""
        if self._transport is not None:
            self._transport.abort()
