"""The head of a stream, its initial metadata: sent by itself before the first message, and never cut off.

gRPC would send it with the first message, and notes that it is out only when that message is. If a limit cuts the write
off before, the status that should end the stream brings a second head, which gRPC refuses: the client would wait for
ever (grpcio 1.85, ``_ServicerContext.write`` and ``abort``).
"""

import asyncio

from adapters.grpc.interceptors.context import Context


class Head:
    """The head of one call; a call that sends none has nothing to wait for."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._sending: asyncio.Task[None] | None = None

    async def send(self) -> None:
        """Send it, if that has not been done; who is cut off here leaves it on its way.

        Raises:
            InternalError: gRPC's own; the connection broke.
        """
        if self._sending is None:
            self._sending = asyncio.create_task(self._send())
            self._sending.add_done_callback(_heard)
        await asyncio.shield(self._sending)

    async def settled(self) -> None:
        """Wait until it is out, or cannot get out; only then the call may be ended."""
        if self._sending is not None:
            await asyncio.wait([self._sending])

    async def _send(self) -> None:
        await self._context.send_initial_metadata(())


def _heard(sending: "asyncio.Task[None]") -> None:
    """Hear how it failed: whoever was cut off does not, and asyncio would complain of that."""
    if not sending.cancelled():
        sending.exception()
