"""Publishing to a broker: what a simulated city needs, and the tests."""

import asyncio
from collections import deque
from collections.abc import Sequence
from types import TracebackType
from typing import Self

from adapters.mqtt.connection import Connection
from adapters.mqtt.dialling import Dialling
from adapters.mqtt.settings import PublisherSettings

Message = tuple[str, bytes]
"""Topic and payload."""


class MqttPublisher:
    """Publishes batches, with a bounded number of messages on their way; connects again when it must.

    At QoS 1 a message is sent until it is acknowledged, and may arrive twice; at QoS 0 it is sent once.
    """

    def __init__(self, settings: PublisherSettings) -> None:
        self._settings = settings
        self._dialling: Dialling | None = None
        self._connection: Connection | None = None
        self._unacknowledged: dict[int, Message] = {}
        self._news = asyncio.Event()
        self.published = 0
        """Messages that were acknowledged (QoS 1) or sent (QoS 0)."""

    async def __aenter__(self) -> Self:
        """Connect.

        Raises:
            Refused: the broker will not have us.
            Unavailable: it cannot be reached within the budget.
        """
        self._dialling = Dialling(self._settings, self._dialled)
        self._connection = await self._dialling.connection()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None:
        if self._connection is not None:
            await self._connection.close()

    async def publish(self, messages: Sequence[Message], *, qos: int | None = None) -> None:
        """Publish ``messages`` in order; return when all are acknowledged (QoS 1), or on their way (QoS 0).

        Args:
            messages: what to publish.
            qos: how, this time; None: as the settings say.

        Raises:
            Refused: the broker will not have us any more.
            Unavailable: it cannot be reached within the budget.
        """
        waiting = deque(messages)
        while waiting:
            connection = await self._connected()
            if self._settings.qos if qos is None else qos:
                await self._deliver(connection, waiting)
            else:
                await self._send(connection, waiting)

    async def _send(self, connection: Connection, waiting: deque[Message]) -> None:
        for _ in range(min(len(waiting), self._settings.window)):
            topic, payload = waiting.popleft()
            connection.publish(topic, payload, 0)
            self.published += 1
        await connection.drained()

    async def _deliver(self, connection: Connection, waiting: deque[Message]) -> None:
        """Send all of ``waiting`` and await acknowledgement; what has none when the connection ends is put back."""
        on_their_way = self._unacknowledged
        on_their_way.clear()
        while (waiting or on_their_way) and not connection.ended.done():
            while waiting and len(on_their_way) < self._settings.window:
                message = waiting.popleft()
                on_their_way[connection.publish(*message, 1)] = message
            self._news.clear()
            await self._news.wait()
        waiting.extendleft(reversed(on_their_way.values()))
        on_their_way.clear()

    async def _connected(self) -> Connection:
        """Return the connection, or a new one where it is over."""
        if self._dialling is None or self._connection is None:
            raise RuntimeError("a publisher is used within its context")
        if self._connection.ended.done():
            self._dialling.ended(self._connection)
            self._connection = await self._dialling.connection()
        return self._connection

    async def _dialled(self) -> Connection:
        connection = Connection(self._settings, clean_session=True)
        connection.on_acknowledged = self._acknowledged
        connection.ended.add_done_callback(lambda _ended: self._news.set())
        try:
            await connection.open()
        except BaseException:
            await connection.close()
            raise
        return connection

    def _acknowledged(self, mid: int) -> None:
        if self._unacknowledged.pop(mid, None) is not None:
            self.published += 1
            self._news.set()
