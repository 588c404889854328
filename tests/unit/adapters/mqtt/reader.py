"""A source that reads from a scripted broker, and what tests ask of it."""

import pytest

from adapters.mqtt.settings import MqttSettings
from adapters.mqtt.uplink_source import MqttUplinkSource
from application.ports.uplink_source import Delivery
from tests.support.clock import FakeClock
from tests.support.eventually import soon
from tests.unit.adapters.mqtt.scripted_broker import ScriptedBroker

CLOCK = FakeClock()


def source(broker: ScriptedBroker, **changes: object) -> MqttUplinkSource:
    """Return a source that reads from ``broker`` and loses no time."""
    chosen: dict[str, object] = {
        "host": "127.0.0.1",
        "port": broker.port,
        "tls": False,
        "client_id": "reader",
        "source": "swu",
        "network_server": "tts",
        "topics": ("v3/+/devices/+/up", "v3/+/devices/+/join"),
        "qos": 1,
        "linger_s": 0.0,
        "first_pause_s": 0.001,
        "longest_pause_s": 10.0,
        **changes,
    }
    return MqttUplinkSource(MqttSettings(**chosen), CLOCK)  # type: ignore[arg-type]  # each test names what it is about


async def received(reader: MqttUplinkSource, count: int) -> list[Delivery]:
    """Return deliveries until they hold ``count`` messages."""
    deliveries: list[Delivery] = []
    while sum(len(delivery.uplinks) for delivery in deliveries) < count:
        delivery = await soon(reader.receive())
        assert delivery is not None
        deliveries.append(delivery)
    return deliveries


def bodies(deliveries: list[Delivery]) -> list[bytes]:
    """Return the messages of ``deliveries``."""
    return [uplink.body for delivery in deliveries for uplink in delivery.uplinks]


async def waiting(reader: MqttUplinkSource) -> int:
    """Return how many messages wait."""
    return reader.waiting


async def said(caplog: pytest.LogCaptureFixture, text: str) -> bool:
    """Say whether ``text`` was logged."""
    return text in caplog.text
