"""A broker that does what a test tells it, for what no real broker does on request (MQTT 3.1.1, section 3)."""

import asyncio
import struct
from collections.abc import Callable, Sequence
from types import TracebackType
from typing import NamedTuple, Self

from tests.support.eventually import eventually, soon

CONNECT, PUBLISH, PUBACK, SUBSCRIBE, PINGREQ, DISCONNECT = 1, 3, 4, 8, 12, 14


class Packet(NamedTuple):
    """One packet of a client."""

    kind: int
    flags: int
    body: bytes

    @property
    def mid(self) -> int:
        """Its identifier, where it begins with one."""
        return int.from_bytes(self.body[:2], "big")


def connack(code: int = 0, *, session_present: bool = False) -> bytes:
    """Return the answer to CONNECT."""
    return bytes([0x20, 2, session_present, code])


def publish(body: bytes, mid: int = 0, *, topic: bytes = b"v3/app@ulm/devices/d/up", dup: bool = False) -> bytes:
    """Return a message; with ``mid``, at QoS 1."""
    variable = struct.pack("!H", len(topic)) + topic + (struct.pack("!H", mid) if mid else b"") + body
    return bytes([0x30 | (bool(mid) << 1) | (dup << 3)]) + _length(len(variable)) + variable


class ScriptedBroker:
    """Answers as a broker does, unless a test replaces an answer; keeps all packets of all its clients."""

    def __init__(self) -> None:
        self.port = 0
        self.packets: list[Packet] = []
        self.answer_connect: Callable[[int], bytes] = lambda _connection: connack()
        """From the number of the connection, beginning with 0; empty: it is closed."""
        self.answer_subscribe: Callable[[int], bytes] = lambda topics: bytes([1] * topics)
        """From the number of topic filters, one code for each; empty: no answer."""
        self.answer_publish: Callable[[int], bool] = lambda _number: True
        """From the number of the message, beginning with 0: acknowledge it, or end the connection."""
        self.answers_pings = True
        self._published = 0
        self._connections = 0
        self._writers: list[asyncio.StreamWriter] = []
        self._server: asyncio.Server | None = None

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", self.port)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None:
        assert self._server is not None
        self._server.close()
        self.drop()
        await self._server.wait_closed()

    def send(self, *packets: bytes) -> None:
        """Send to the newest client, in one piece."""
        self._writers[-1].write(b"".join(packets))

    def drop(self) -> None:
        """End the connection of every client."""
        for writer in self._writers:
            writer.close()

    def of(self, kind: int) -> list[Packet]:
        """Return the packets of one kind."""
        return [packet for packet in self.packets if packet.kind == kind]

    async def has(self, kind: int, count: int) -> Sequence[Packet]:
        """Return the packets of ``kind`` once there are ``count`` of them."""

        async def came() -> int:
            return len(self.of(kind))

        await eventually(came, count)
        return self.of(kind)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._writers.append(writer)
        try:
            while True:
                packet = await _packet(reader)
                self.packets.append(packet)
                if not self._answer(packet, writer):
                    break
        except (asyncio.IncompleteReadError, ConnectionError):
            pass  # the client has gone
        finally:
            writer.close()

    def _answer(self, packet: Packet, writer: asyncio.StreamWriter) -> bool:
        """Answer, and say whether the connection goes on."""
        if packet.kind == CONNECT:
            answer = self.answer_connect(self._connections)
            self._connections += 1
            writer.write(answer)
            return bool(answer)
        if packet.kind == SUBSCRIBE:
            codes = self.answer_subscribe(_topics(packet.body))
            if codes:
                writer.write(bytes([0x90, 2 + len(codes)]) + packet.body[:2] + codes)
        elif packet.kind == PINGREQ and self.answers_pings:
            writer.write(b"\xd0\x00")
        elif packet.kind == PUBLISH and packet.flags & 2:
            return self._answer_publish(packet, writer)
        return packet.kind != DISCONNECT

    def _answer_publish(self, packet: Packet, writer: asyncio.StreamWriter) -> bool:
        taken = self.answer_publish(self._published)
        self._published += 1
        if taken:
            after_topic = 2 + packet.mid
            writer.write(b"\x40\x02" + packet.body[after_topic : after_topic + 2])
        return taken


async def _packet(reader: asyncio.StreamReader) -> Packet:
    first = (await reader.readexactly(1))[0]
    length, shift = 0, 0
    while True:
        byte = (await reader.readexactly(1))[0]
        length |= (byte & 0x7F) << shift
        shift += 7
        if not byte & 0x80:
            return Packet(first >> 4, first & 0xF, await soon(reader.readexactly(length)))


def _length(length: int) -> bytes:
    """Return ``length`` as MQTT writes it (section 2.2.3)."""
    written = b""
    while True:
        length, digit = divmod(length, 128)
        written += bytes([digit | (0x80 if length else 0)])
        if not length:
            return written


def _topics(subscribe: bytes) -> int:
    count, at = 0, 2
    while at < len(subscribe):
        at += 2 + int.from_bytes(subscribe[at : at + 2], "big") + 1
        count += 1
    return count
