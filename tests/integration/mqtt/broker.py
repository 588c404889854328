"""Mosquitto as the far side of a source, and what tests say to it."""

import asyncio
import itertools
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager

from adapters.mqtt.publisher import MqttPublisher
from adapters.mqtt.settings import MqttSettings, PublisherSettings
from adapters.mqtt.uplink_source import MqttUplinkSource
from adapters.system.clock import SystemClock
from application.ports.uplink_source import UplinkSource
from tests.support.eventually import eventually
from tools.services.mosquitto import Mosquitto

READER = "reader"
TOPIC = "v3/app@ulm/devices/d/up"

LOGGED = "log_type notice\nlog_type subscribe"
"""Lets a test read in the log of a broker of its own what its clients did."""
NO_WINDOW = "max_inflight_messages 0"
"""The broker sends all it has; with its default it stops at 20 messages that are not acknowledged."""


def settings(broker: Mosquitto, **changes: object) -> MqttSettings:
    """Return the settings of a reader of ``broker``, who loses no time."""
    chosen: dict[str, object] = {
        "host": broker.host,
        "port": broker.port,
        "tls": False,
        "client_id": READER,
        "source": "swu",
        "network_server": "tts",
        "topics": ("v3/+/devices/+/up",),
        "qos": 1,
        "linger_s": 0.001,
        "first_pause_s": 0.05,
        "longest_pause_s": 0.2,
        **changes,
    }
    return MqttSettings(**chosen)  # type: ignore[arg-type]  # each test names what it is about


def source(broker: Mosquitto, **changes: object) -> MqttUplinkSource:
    """Return a reader of ``broker``."""
    return MqttUplinkSource(settings(broker, **changes), SystemClock())


def publisher(broker: Mosquitto, *, qos: int = 1, ca_file: str = "") -> MqttPublisher:
    """Return a publisher for ``broker``; with ``ca_file``, by TLS."""
    where = PublisherSettings(
        host=broker.host, port=broker.port, tls=bool(ca_file), ca_file=ca_file, client_id="publisher", qos=qos
    )
    return MqttPublisher(where)


async def publish(broker: Mosquitto, bodies: Sequence[bytes], *, qos: int = 1, ca_file: str = "") -> None:
    """Publish ``bodies``; at QoS 1 the broker has them then."""
    async with publisher(broker, qos=qos, ca_file=ca_file) as to_broker:
        await to_broker.publish([(TOPIC, body) for body in bodies])


async def subscribed(broker: Mosquitto, client_id: str = READER) -> None:
    """Wait until the last that the log of ``broker`` tells of ``client_id`` is that it has subscribed."""

    async def last_act() -> bool:
        acts = [line for line in broker.log.read_text(errors="replace").splitlines() if client_id in line]
        return bool(acts) and f": {client_id} " in acts[-1]

    await eventually(last_act, expected=True)


class MosquittoOrigin:
    """Mosquitto with the session of one reader, which is made by ``open_source``."""

    def __init__(self, broker: Mosquitto, open_source: Callable[[], AbstractAsyncContextManager[UplinkSource]]) -> None:
        self.broker = broker
        self._open_source = open_source
        self._numbers = itertools.count()

    @asynccontextmanager
    async def source(self) -> AsyncIterator[UplinkSource]:
        """Open the source."""
        async with self._open_source() as opened:
            yield opened

    async def offer(self, count: int) -> list[bytes]:
        """Publish, once the reader has subscribed."""
        bodies = [b"%d" % number for number in itertools.islice(self._numbers, count)]
        await subscribed(self.broker)
        await publish(self.broker, bodies)
        return bodies

    async def end(self, source: UplinkSource) -> None:
        """Stop it as its role does."""
        assert isinstance(source, MqttUplinkSource)
        source.stop()

    async def drop_connection(self) -> None:
        """Kill the broker; it comes back with all it had saved."""
        await asyncio.to_thread(self.broker.save)
        await self._restart()

    async def forget(self) -> None:
        """Kill the broker; it comes back with nothing, since it never saved."""
        await self._restart()

    async def _restart(self) -> None:
        await asyncio.to_thread(self.broker.kill)
        self.broker.start()  # in this thread: the broker ends with the thread that started it
