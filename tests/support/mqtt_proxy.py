"""A proxy before an MQTT broker that can hold messages back while everything else goes on: a connection that hangs.

To both sides all is well: pings are answered, subscriptions granted. Only what is published never arrives.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

_PUBLISH = 0x30
"""MQTT 3.1.1, section 3.3: type 3 in the upper half of the first byte."""
_MORE, _SEVEN_BITS = 0x80, 0x7F


class MqttProxy:
    """Listens on ``port`` while it is open."""

    def __init__(self) -> None:
        self.host, self.port = "127.0.0.1", 0
        self.is_mute = False
        """Whether messages are held back."""
        self.held_back = 0


@asynccontextmanager
async def mqtt_proxy(host: str, port: int) -> AsyncIterator[MqttProxy]:
    """Open a proxy before the broker at ``host`` and ``port``."""
    proxy = MqttProxy()

    async def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        from_broker, to_broker = await asyncio.open_connection(host, port)
        with suppress(ConnectionError, asyncio.IncompleteReadError):
            async with asyncio.TaskGroup() as group:
                group.create_task(_copy(reader, to_broker))
                group.create_task(_without_messages(proxy, from_broker, writer))
        for each in (writer, to_broker):
            each.close()

    server = await asyncio.start_server(accept, proxy.host)
    proxy.port = server.sockets[0].getsockname()[1]
    try:
        yield proxy
    finally:
        server.close()


async def _copy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while data := await reader.read(65_536):
        writer.write(data)
        await writer.drain()
    writer.close()


async def _without_messages(proxy: MqttProxy, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while True:
        try:
            packet = await _packet(reader)
        except asyncio.IncompleteReadError:
            break
        if proxy.is_mute and packet[0] & 0xF0 == _PUBLISH:
            proxy.held_back += 1
            continue
        writer.write(packet)
        await writer.drain()
    writer.close()


async def _packet(reader: asyncio.StreamReader) -> bytes:
    """Return the next packet (MQTT 3.1.1, section 2.2)."""
    head = await reader.readexactly(1)
    length, shift = 0, 0
    while True:
        digit = await reader.readexactly(1)
        head += digit
        length |= (digit[0] & _SEVEN_BITS) << shift
        shift += 7
        if not digit[0] & _MORE:
            return head + await reader.readexactly(length)
