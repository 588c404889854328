"""One connection to a broker, from CONNECT to its end."""

import asyncio
import ssl
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, TypeVar

from adapters.mqtt import packets
from adapters.mqtt.inbox import Inbox
from adapters.mqtt.packet_stream import PacketStream
from adapters.mqtt.packets import CONNACK, PUBACK, SUBACK, SUBACK_FAILURE, Packet
from adapters.mqtt.refusals import Unreachable, of_ca_file, of_connack, of_connecting, of_early_end, of_suback
from adapters.mqtt.settings import BrokerSettings
from adapters.mqtt.wire import Wire
from application.errors import Refused

T = TypeVar("T")

_MOST_UNANSWERED = 3
"""Pings without a byte in return after which the broker is taken for dead. We send two in each keepalive interval, so
that is one and a half of them, by which it judges us too (3.1.2.10); pings that we slept through do not count."""
_NEXT_ADDRESS_S = 0.25
"""Until the next address of a host is tried beside the first (RFC 8305, section 5); IPv6 may lead nowhere."""
_CLOSE_S = 5.0
"""For the last bytes and the farewell; a broker that does not take them in time will notice without."""
_FOREIGN = "its answer is not that of MQTT 3.1.1"


class Connection:
    """Opened once and closed once; the next one is another connection, and knows no packet identifier of this one.

    Args:
        broker: where to connect, and how to present ourselves.
        clean_session: whether the broker is to keep nothing for us.
        inbox: where messages go; None: none are expected, since nothing is subscribed to.
    """

    def __init__(self, broker: BrokerSettings, *, clean_session: bool, inbox: Inbox | None = None) -> None:
        self._broker = broker
        self._clean_session = clean_session
        self._inbox = inbox
        self._loop = asyncio.get_running_loop()
        self._wire = Wire(self._data_came, self._wire_ended)
        self._stream = PacketStream(broker.longest_packet_bytes)
        self._answer: asyncio.Future[Refused | Unreachable | None] = self._loop.create_future()
        self._granted: asyncio.Future[Sequence[int]] = self._loop.create_future()
        self._beat: asyncio.TimerHandle | None = None
        self._unanswered = 0
        self._mid = 0
        self._held = False
        self._last = False
        self._leaving = False
        self.on_news: Callable[[], None] | None = None
        """Called after messages may have gone into the inbox."""
        self.on_acknowledged: Callable[[int], None] | None = None
        """Called with the identifier of each published message that was acknowledged."""
        self.ended: asyncio.Future[bool] = self._loop.create_future()
        """Done when it is over; true: the broker ended it, or the network; false: we did."""
        self.session_present = False
        """Whether the broker had kept a session for us."""

    @property
    def violation(self) -> str:
        """Why we ended it, where that was because of what the broker sent."""
        return self._stream.violation

    async def open(self) -> None:
        """Connect and present ourselves.

        Raises:
            Refused: the broker will not have us as we are configured.
            Unreachable: there is no connection for now.
        """
        if self._inbox is not None:
            self._inbox.open(self)
        await self._connect()
        self._beat = self._loop.call_later(self._broker.keepalive_s / 2, self._keep_alive)

    async def close(self) -> None:
        """Take leave of the broker, and let it end the connection, within a deadline.

        By then it has read our acknowledgements; if we ended it, our next connection could overtake them.
        """
        self._leaving = True
        if self._wire.is_open and self._answer.done():
            self._wire.send(packets.DISCONNECT)
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
        self._wire.send(packets.subscribe(topics, qos))
        codes = await self._codes_of_suback()
        if len(codes) != len(topics):
            raise Unreachable(_FOREIGN)
        refused = [topic for topic, code in zip(topics, codes, strict=True) if code >= SUBACK_FAILURE]
        if refused:
            raise of_suback(self._broker, refused)
        return min(codes, default=0)

    def publish(self, topic: str, payload: bytes, qos: int) -> int:
        """Send a message and return the identifier by which ``on_acknowledged`` names it; 0 at QoS 0."""
        mid = self._mid = packets.next_mid(self._mid) if qos else 0
        self._wire.send(packets.publish(topic, payload, mid))
        return mid

    async def drained(self) -> None:
        """Return once most of what was sent is on its way."""
        await self._wire.drained()

    def acknowledge(self, mids: Sequence[int]) -> bool:
        """Acknowledge messages of this connection, in the order they came (MQTT 3.1.1, section 4.6), in one write.

        False: it is over, and the broker will give them again.
        """
        if not self._wire.is_open:
            return False
        self._wire.send(packets.pubacks(mids))
        return True

    def resume(self) -> None:
        """Hand out what was held back because the inbox was full, then read on."""
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
        broker = self._broker
        try:
            context = self._tls() if broker.tls else None
            connecting = self._loop.create_connection(
                lambda: self._wire, broker.host, broker.port, ssl=context, happy_eyeballs_delay=_NEXT_ADDRESS_S
            )
            await self._in_time(connecting)
        except OSError as error:  # errors of TLS are OSError too
            raise of_connecting(broker, error) from error
        self._wire.send(self._introduction())
        refusal = await self._in_time(self._before_the_end(self._answer))
        if refusal is not None:
            raise refusal

    def _introduction(self) -> bytes:
        broker = self._broker
        return packets.connect(
            broker.client_id,
            max(1, round(broker.keepalive_s)),
            clean_session=self._clean_session,
            username=broker.username,
            password=broker.password,
        )

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
            raise Unreachable(f"{_FOREIGN}: {self.violation}") if self.violation else of_early_end(self._broker)
        return awaited.result()

    async def _codes_of_suback(self) -> Sequence[int]:
        while True:
            try:
                return await self._in_time(self._before_the_end(self._granted))
            except Unreachable:
                if not self._held:  # else the answer waits behind messages that we do not read
                    raise

    def _data_came(self, data: bytes) -> None:
        self._unanswered = 0
        if self._leaving:
            self._stream.forget()
            return
        if self._inbox is not None:
            self._inbox.note_time()
        self._stream.feed(data)
        if not self._held:
            self._hand_out()

    def _hand_out(self) -> None:
        """Take packets until all are taken, or the inbox is full."""
        for packet in self._stream.take(self._inbox):
            self._heed(packet)
        if self._stream.violation:
            self._leaving = True
            self._wire.abort()
        elif self._inbox is not None and self._inbox.full:
            self._held = True
            self._wire.pause()
        if self.on_news is not None:
            self.on_news()

    def _heed(self, packet: Packet) -> None:
        if packet.kind == CONNACK:
            self.session_present = bool(packet.body[0])
            self._answer_with(of_connack(self._broker, packet.body[1]))
        elif packet.kind == SUBACK and not self._granted.done():
            self._granted.set_result(packet.codes)
        elif packet.kind == PUBACK and self.on_acknowledged is not None:
            self.on_acknowledged(packet.mid)

    def _answer_with(self, refusal: Refused | Unreachable | None) -> None:
        if not self._answer.done():
            self._answer.set_result(refusal)

    def _keep_alive(self) -> None:
        if self._unanswered >= _MOST_UNANSWERED and not self._held:
            self._leaving = True
            self._wire.abort()
            return
        self._wire.send(packets.PINGREQ)
        self._unanswered += 1
        self._beat = self._loop.call_later(self._broker.keepalive_s / 2, self._keep_alive)

    def _wire_ended(self) -> None:
        if self._beat is not None:
            self._beat.cancel()
        self.ended.set_result(not self._leaving)
        self._held = False
        if self._inbox is not None and not self._stream.violation:
            self._stream.take(self._inbox, at_any_rate=True)  # it was received, and at QoS 0 it will not come again
        if self.on_news is not None:
            self.on_news()
