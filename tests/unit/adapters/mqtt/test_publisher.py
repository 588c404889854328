"""The publisher, and a broker that ends connections under it."""

import pytest

from adapters.mqtt.publisher import MqttPublisher
from adapters.mqtt.settings import PublisherSettings
from application.errors import Refused, Unavailable
from tests.support.eventually import soon
from tests.unit.adapters.mqtt.scripted_broker import CONNECT, PUBLISH, ScriptedBroker, connack

TOPIC = "v3/app@ulm/devices/d/up"


def publisher(broker: ScriptedBroker, **changes: object) -> MqttPublisher:
    """Return a publisher that loses no time."""
    chosen: dict[str, object] = {
        "host": "127.0.0.1",
        "port": broker.port,
        "tls": False,
        "client_id": "publisher",
        "first_pause_s": 0.001,
        **changes,
    }
    return MqttPublisher(PublisherSettings(**chosen))  # type: ignore[arg-type]  # each test names what it is about


def published(broker: ScriptedBroker) -> list[int]:
    """Return the numbers in all messages that ``broker`` got."""
    return [int(packet.body.rpartition(b"#")[2]) for packet in broker.of(PUBLISH)]


async def test_a_message_without_acknowledgement_is_sent_again_in_its_order() -> None:
    async with ScriptedBroker() as broker:
        broker.answer_publish = lambda number: number != 5
        async with publisher(broker, window=3) as to_broker:
            await soon(to_broker.publish([(TOPIC, b"#%d" % number) for number in range(20)]))
        assert to_broker.published == 20
        got = published(broker)
    assert got[:6] == [0, 1, 2, 3, 4, 5]
    assert got[6:] == list(range(5, 20))
    assert len(broker.of(CONNECT)) == 2


async def test_no_more_than_the_window_is_on_its_way() -> None:
    async with ScriptedBroker() as broker:
        most = 0

        def watch(number: int) -> bool:
            nonlocal most
            most = max(most, len(broker.of(PUBLISH)) - number)
            return True

        broker.answer_publish = watch
        async with publisher(broker, window=7) as to_broker:
            await soon(to_broker.publish([(TOPIC, b"#%d" % number) for number in range(100)]))
        assert published(broker) == list(range(100))
    assert most <= 7


async def test_nothing_to_publish_is_nothing_done() -> None:
    async with ScriptedBroker() as broker, publisher(broker) as to_broker:
        await soon(to_broker.publish([]))
        assert broker.of(PUBLISH) == []


async def test_a_broker_that_does_not_come_back_is_unavailable() -> None:
    async with ScriptedBroker() as broker:
        broker.answer_publish = lambda _number: False
        broker.answer_connect = lambda connection: b"" if connection else connack()
        async with publisher(broker, unreachable_budget_s=0.2) as to_broker:
            with pytest.raises(Unavailable):
                await soon(to_broker.publish([(TOPIC, b"#1")]))


async def test_a_broker_that_refuses_is_known_before_anything_is_published() -> None:
    async with ScriptedBroker() as broker:
        broker.answer_connect = lambda _connection: connack(5)
        with pytest.raises(Refused):
            async with publisher(broker):
                pass
