"""How messages reach the pipeline: from a file, or from a broker and a generator, connected before the clock runs."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from itertools import count
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from adapters.mqtt.connection import Connection
from adapters.mqtt.publisher import MqttPublisher
from adapters.mqtt.settings import PublisherSettings
from adapters.mqtt.uplink_source import MqttUplinkSource
from adapters.system.clock import SystemClock
from application.ports.uplink_log import RawUplink
from application.ports.uplink_source import UplinkSource
from bench.city import SOURCE
from bench.messages import FileSource
from stadtfunk.adapter_settings import mqtt_settings
from stadtfunk.settings import MqttSourceSettings

_PAUSE_S = 0.05
_LAST = b"last"


class Broker(Struct, frozen=True):
    """A broker, and how it is used."""

    host: str
    port: int
    qos: int
    topics: list[str]
    rate: float = 0.0
    """Messages per second of the generator; 0: as fast as the broker takes them."""


class Feed(Struct, frozen=True):
    """Where messages come from, ready to begin."""

    source: UplinkSource
    begin: Callable[[], None]
    is_over: Callable[[], bool]
    """Whether all were handed over, to us or to the broker."""


@asynccontextmanager
async def feed(path: Path, broker: Broker | None) -> AsyncIterator[Feed]:
    """Yield the messages of a file, by way of ``broker`` if there is one."""
    if broker is None:
        yield Feed(FileSource(path), begin=lambda: None, is_over=lambda: True)
        return
    async with _generator(broker, path) as process, _source(broker) as opened:
        yield Feed(opened, lambda: _begin(process), lambda: process.returncode is not None)


@asynccontextmanager
async def _source(broker: Broker) -> AsyncIterator[MqttUplinkSource]:
    """Yield a source that has subscribed; its session is gone from the broker at the end."""
    of_file = MqttSourceSettings(
        name=SOURCE,
        host=broker.host,
        port=broker.port,
        tls=False,
        topics=broker.topics,
        qos=1 if broker.qos else 0,
        client_id=f"stadtfunk-bench-{os.getpid()}",
    )
    settings = mqtt_settings(of_file)
    async with MqttUplinkSource(settings, SystemClock()) as opened:
        await _heard(opened, broker)
        yield opened
    last = Connection(replace(settings, qos=0), clean_session=True)
    await last.open()
    await last.close()


async def _heard(opened: MqttUplinkSource, broker: Broker) -> None:
    """Return once ``opened`` receives what is published: before it has subscribed nobody keeps it at QoS 0."""
    topic = broker.topics[0].replace("+", "ready")
    settings = PublisherSettings(
        host=broker.host, port=broker.port, tls=False, client_id=f"stadtfunk-bench-ready-{os.getpid()}"
    )
    async with MqttPublisher(settings) as publisher:
        for number in count():
            await publisher.publish([(topic, b"%d" % number)])
            await asyncio.sleep(_PAUSE_S)
            if opened.waiting:
                break
        await publisher.publish([(topic, _LAST)])
        received: list[RawUplink] = []
        while not received or received[-1].body != _LAST:
            delivery = await opened.receive()
            if delivery is not None:
                received.extend(delivery.uplinks)
                await opened.acknowledge(delivery)


@asynccontextmanager
async def _generator(broker: Broker, path: Path) -> AsyncIterator[asyncio.subprocess.Process]:
    """Yield ``bench.publisher``, connected; at the end it has ended, and its processor time is known."""
    arguments = (broker.host, str(broker.port), str(broker.qos), str(path), str(broker.rate))
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bench.publisher", *arguments),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    try:
        if process.stdout is not None:
            await process.stdout.readline()
        yield process
        await process.wait()
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


def _begin(generator: asyncio.subprocess.Process) -> None:
    if generator.stdin is not None:
        generator.stdin.write(b"\n")
