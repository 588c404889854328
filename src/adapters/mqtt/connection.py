"""One connection to a broker, from CONNECT to its end."""

import asyncio
import ssl
from collections.abc import Awaitable, Callable, Iterable, Sequence
from struct import Struct as Layout
from typing import Any, TypeVar

from paho.mqtt.client import Client, ConnectFlags, MQTTMessage
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode

from adapters.mqtt.paho_on_wire import PahoOnWire
from adapters.mqtt.refusals import Unreachable, of_ca_file, of_connack, of_connecting, of_early_end, of_suback
from adapters.mqtt.settings import BrokerSettings
from adapters.mqtt.wire import Wire
from application.errors import Refused

T = TypeVar("T")

_PINGREQ = b"\xc0\x00"
_DISCONNECT = b"\xe0\x00"
"""MQTT 3.1.1, sections 3.12 and 3.14."""
_PUBACK = Layout("!BBH")
_PUBACK_TYPE, _PUBACK_LENGTH = 0x40, 2
"""MQTT 3.1.1, section 3.4: type and length; the packet identifier follows."""
_SUBACK_FAILURE = 0x80
"""MQTT 3.1.1, section 3.9.3; below it: the QoS that is granted."""
_MOST_UNANSWERED = 3
"""Pings without a byte in return after which the broker is taken for dead. We send two in each keepalive interval, so
that is one and a half of them, by which it judges us too (3.1.2.10); pings that we slept through do not count."""
_NEXT_ADDRESS_S = 0.25
"""Until the next address of a host is tried beside the first (RFC 8305, section 5); IPv6 may lead nowhere."""
_CLOSE_S = 5.0
"""For the last bytes and the farewell; a broker that does not take them in time will notice without."""


class Connection:
    """Opened once and closed once; the next one is another connection, and knows no packet identifier of this one."""

    def __init__(self, broker: BrokerSettings, *, clean_session: bool) -> None:
        self._broker = broker
        self._loop = asyncio.get_running_loop()
        self._wire = Wire(self._data_came, self._wire_ended)
        self._paho = PahoOnWire(broker, self._wire, clean_session=clean_session)
        self._paho.on_connect = self._answered
        self._paho.on_subscribe = self._subscribed
        self._answer: asyncio.Future[Refused | Unreachable | None] = self._loop.create_future()
        self._granted: asyncio.Future[list[int]] = self._loop.create_future()
        self._beat: asyncio.TimerHandle | None = None
        self._unanswered = 0
        self._held = False
        self._last = False
        self._leaving = False
        self.on_data: Callable[[], None] | None = None
        """Called before the packets in newly read bytes are handed out."""
        self.ended: asyncio.Future[bool] = self._loop.create_future()
        """Done when it is over; true: the broker ended it, or the network; false: we did."""
        self.session_present = False
        """Whether the broker had kept a session for us."""

    def on_message(self, take: Callable[[MQTTMessage], None]) -> None:
        """Let ``take`` have every message."""
        self._paho.on_message = lambda _client, _data, message: take(message)

    def on_acknowledged(self, note: Callable[[int], None]) -> None:
        """Let ``note`` know the identifiers of published messages that were acknowledged, or written (QoS 0)."""
        self._paho.on_publish = lambda _client, _data, mid, _code, _properties: note(mid)

    async def open(self) -> None:
        """Connect and present ourselves.

        Raises:
            Refused: the broker will not have us as we are configured.
            Unreachable: there is no connection for now.
        """
        await self._connect()
        self._beat = self._loop.call_later(self._broker.keepalive_s / 2, self._keep_alive)

    async def close(self) -> None:
        """Take leave of the broker, and let it end the connection, within a deadline.

        By then it has read our acknowledgements; if we ended it, our next connection could overtake them.
        """
        self._leaving = True
        if self._wire.is_open and self._answer.done():
            self._wire.send(_DISCONNECT)
            self._wire.resume()
            await asyncio.wait([self.ended], timeout=_CLOSE_S)
        if self._wire.is_open:
            self._wire.abort()
            await asyncio.wait([self.ended], timeout=_CLOSE_S)

    async def subscribe(self, topics: Sequence[str], qos: int) -> int:
        """Subscribe to all of ``topics`` and return the lowest QoS that was granted.

        Raises:
            Refused: the broker does not let us subscribe to one of them.
            Unreachable: it does not answer.
        """
        self._paho.subscribe([(topic, qos) for topic in topics])
        codes = await self._codes_of_suback()
        refused = [topic for topic, code in zip(topics, codes, strict=False) if code >= _SUBACK_FAILURE]
        if refused:
            raise of_suback(self._broker, refused)
        return min(codes, default=0)

    def publish(self, topic: str, payload: bytes, qos: int) -> int:
        """Send a message and return the identifier by which ``on_acknowledged`` names it."""
        return self._paho.publish(topic, payload, qos).mid

    async def drained(self) -> None:
        """Return once most of what was sent is on its way."""
        await self._wire.drained()

    def acknowledge(self, mids: Iterable[int]) -> bool:
        """Acknowledge messages of this connection, in the order they came (MQTT 3.1.1, section 4.6), in one write.

        False: it is over, and the broker will give them again.
        """
        if not self._wire.is_open:
            return False
        self._wire.send(b"".join([_PUBACK.pack(_PUBACK_TYPE, _PUBACK_LENGTH, mid) for mid in mids]))
        return True

    def hold(self) -> None:
        """Hand out no more, for now; at the end of the connection what was read is little, and is handed out."""
        if not self.ended.done():
            self._held = True
            self._wire.pause()

    def resume(self) -> None:
        """Hand out what was read before ``hold``, then read on."""
        if not self._held:
            return
        self._held = False
        self._unanswered = 0  # the silence was ours
        self._hand_out()
        if not (self._held or self._last):
            self._wire.resume()

    def read_no_more(self) -> None:
        """Leave unread what is still to come; what was read is handed out."""
        self._last = True
        self._wire.pause()

    async def _connect(self) -> None:
        try:
            context = self._tls() if self._broker.tls else None
            host, port = self._broker.host, self._broker.port
            connecting = self._loop.create_connection(
                lambda: self._wire, host, port, ssl=context, happy_eyeballs_delay=_NEXT_ADDRESS_S
            )
            await self._in_time(connecting)
        except OSError as error:  # errors of TLS are OSError too
            raise of_connecting(self._broker, error) from error
        self._paho.introduce()
        refusal = await self._in_time(self._before_the_end(self._answer))
        if refusal is not None:
            raise refusal

    def _tls(self) -> ssl.SSLContext:
        try:
            return ssl.create_default_context(cafile=self._broker.ca_file or None)
        except OSError as error:
            raise of_ca_file(self._broker, error) from error

    async def _in_time(self, coming: Awaitable[T]) -> T:
        try:
            async with asyncio.timeout(self._broker.connect_s):
                return await coming
        except TimeoutError as error:
            raise of_connecting(self._broker, error) from error

    async def _before_the_end(self, awaited: "asyncio.Future[T]") -> T:
        either: list[asyncio.Future[Any]] = [awaited, self.ended]
        await asyncio.wait(either, return_when=asyncio.FIRST_COMPLETED)
        if not awaited.done():
            raise of_early_end(self._broker)
        return awaited.result()

    async def _codes_of_suback(self) -> list[int]:
        while True:
            try:
                return await self._in_time(self._before_the_end(self._granted))
            except Unreachable:
                if not self._held:  # else the answer waits behind messages that we do not read
                    raise

    def _answered(
        self, _client: Client, _data: object, flags: ConnectFlags, code: ReasonCode, _properties: Properties | None
    ) -> None:
        self.session_present = flags.session_present
        self._answer_with(of_connack(self._broker, code) if code.is_failure else None)

    def _answer_with(self, refusal: Refused | Unreachable | None) -> None:
        if not self._answer.done():
            self._answer.set_result(refusal)

    def _subscribed(
        self, _client: Client, _data: object, _mid: int, codes: list[ReasonCode], _properties: Properties | None
    ) -> None:
        if not self._granted.done():
            self._granted.set_result([code.value for code in codes])

    def _data_came(self) -> None:
        self._unanswered = 0
        if self._leaving:
            self._wire.forget()
            return
        if self.on_data is not None:
            self.on_data()
        self._hand_out()

    def _hand_out(self) -> None:
        """Let paho take packets until it has taken all, or is held."""
        while not self._held and self._wire.unread:
            if not self._paho.take_packet():
                self._answer_with(Unreachable("its answer is not that of MQTT 3.1.1"))
                self._leaving = True
                self._wire.abort()
                return

    def _keep_alive(self) -> None:
        if self._unanswered >= _MOST_UNANSWERED and not self._held:
            self._leaving = True
            self._wire.abort()
            return
        self._wire.send(_PINGREQ)
        self._unanswered += 1
        self._beat = self._loop.call_later(self._broker.keepalive_s / 2, self._keep_alive)

    def _wire_ended(self) -> None:
        if self._beat is not None:
            self._beat.cancel()
        self.ended.set_result(not self._leaving)
        self._held = False
        self._hand_out()  # it was received, and at QoS 0 it will not come again
