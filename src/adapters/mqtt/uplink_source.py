"""Uplinks from an MQTT broker: acknowledged to it only once they are durable with us."""

import asyncio
import logging
from types import TracebackType
from typing import Self

from adapters.mqtt.connection import Connection
from adapters.mqtt.dialling import Dialling
from adapters.mqtt.inbox import Inbox, Receipt
from adapters.mqtt.settings import MqttSettings
from application.ports.clock import Clock
from application.ports.uplink_source import Delivery

_log = logging.getLogger(__name__)


class MqttUplinkSource:
    """Subscribes to topics of one broker, and again after every loss of the connection.

    At QoS 1 the broker keeps our session and gives again what was not acknowledged, to the next connection. A message
    of any size is handed on: what it is good for is not decided here.
    """

    def __init__(self, settings: MqttSettings, clock: Clock) -> None:
        self._settings = settings
        self._inbox = Inbox(
            settings.source,
            settings.network_server,
            clock,
            most_messages=settings.buffer_messages,
            most_bytes=settings.buffer_bytes,
        )
        self._news = asyncio.Event()
        self._room = asyncio.Event()
        self._room.set()
        self._connection: Connection | None = None
        self._live: Connection | None = None
        self._keeper: asyncio.Task[None] | None = None
        self._dialling: Dialling | None = None
        self._failure: Exception | None = None
        self._stopping = False
        self._was_connected = False
        self.losses = 0
        """Connections that have ended."""
        self.reconnects = 0
        """Connections after the first."""
        self.sessions_lost = 0
        """Connections for which the broker no longer had our session (QoS 1): messages may have gone with it."""
        self.dropped_acknowledgements = 0
        """Acknowledgements that came after the end of their connection; those messages come again."""
        self.violations = 0
        """Connections that we ended because of what came."""

    async def __aenter__(self) -> Self:
        self._keeper = asyncio.create_task(self._keep_connected())
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None:
        self.stop()
        if self._keeper is not None:
            self._keeper.cancel()
            await asyncio.wait([self._keeper])

    @property
    def connected(self) -> bool:
        """Whether there is a connection now, and its subscription was granted."""
        return self._live is not None and not self._live.ended.done()

    @property
    def trouble(self) -> str:
        """Why there is no connection now; empty: there is one, or none was tried yet."""
        return self._dialling.trouble if self._dialling is not None else ""

    @property
    def waiting(self) -> int:
        """Messages that arrived and were not received yet."""
        return len(self._inbox)

    @property
    def received(self) -> int:
        """Messages that ever arrived."""
        return self._inbox.received

    def stop(self) -> None:
        """Let no more arrive; ``receive`` hands out what is here and then says that it was all."""
        self._stopping = True
        if self._connection is not None:
            self._connection.read_no_more()
        self._news.set()

    async def receive(self) -> Delivery | None:
        settings = self._settings
        while not self._inbox:
            if self._failure is not None:
                raise self._failure
            if self._stopping:
                return None
            self._news.clear()
            await self._news.wait()
        if len(self._inbox) < settings.batch_messages and not self._stopping:
            await asyncio.sleep(settings.linger_s)
        uplinks, receipt = self._inbox.take(settings.batch_messages)
        if self._connection is not None and not self._inbox.full:
            self._room.set()
            self._connection.resume()
        return Delivery(uplinks, receipt)

    async def acknowledge(self, delivery: Delivery) -> None:
        receipt = delivery.token
        if isinstance(receipt, Receipt) and receipt.mids and not receipt.connection.acknowledge(receipt.mids):
            self.dropped_acknowledgements += len(receipt.mids)

    async def _keep_connected(self) -> None:
        dialling = self._dialling = Dialling(self._settings, self._subscribed)
        try:
            while True:
                await self._room.wait()  # what was read of the last one is here already, more than there is room for
                if self._stopping:
                    break
                connection = await dialling.connection()
                try:
                    await asyncio.wait([connection.ended])
                    self.losses += 1
                    dialling.ended(connection)
                finally:
                    await self._close(connection)
        except Exception as error:  # noqa: BLE001  whoever receives is told
            self._failure = error
        self._news.set()

    async def _subscribed(self) -> Connection:
        """Return a new connection, from which messages come."""
        settings = self._settings
        connection = Connection(settings, clean_session=settings.qos == 0, inbox=self._inbox)
        connection.on_news = self._tell
        self._connection = connection  # what waits in a session comes before the answer to our subscription
        try:
            await connection.open()
            granted = await connection.subscribe(settings.topics, settings.qos)
        except BaseException:
            await self._close(connection)
            raise
        self._note_connection(connection, granted)
        return connection

    async def _close(self, connection: Connection) -> None:
        self.violations += bool(connection.violation)
        await connection.close()

    def _note_connection(self, connection: Connection, granted: int) -> None:
        settings = self._settings
        if self._was_connected:
            self.reconnects += 1
            if settings.qos and not connection.session_present:
                self.sessions_lost += 1
                _log.warning("%s lost our session: what it held for us is gone", settings.address)
        self._was_connected = True
        self._live = connection
        if granted < settings.qos:
            text = "%s grants QoS %d only: what it sends while we are away is lost"
            _log.warning(text, settings.address, granted)
        _log.info("%s: subscribed to %s", settings.address, ", ".join(settings.topics))

    def _tell(self) -> None:
        """Wake whoever receives."""
        if self._inbox:
            self._news.set()
        if self._inbox.full:
            self._room.clear()
