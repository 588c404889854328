"""The publisher against Mosquitto."""

import asyncio

import pytest

from tests.contract.uplink_source import acknowledged, bodies
from tests.integration.mqtt.broker import LOGGED, TOPIC, publisher, source, subscribed
from tests.services.fixtures import MosquittoFactory

pytestmark = pytest.mark.integration


@pytest.mark.parametrize("qos", [0, 1])
async def test_what_is_published_arrives_in_its_order(mosquitto_factory: MosquittoFactory, qos: int) -> None:
    broker = mosquitto_factory(LOGGED)
    sent = [b"%d" % number for number in range(3_000)]
    async with source(broker, qos=qos) as reader, publisher(broker, qos=qos) as to_broker:
        await subscribed(broker)
        publishing = asyncio.create_task(to_broker.publish([(TOPIC, body) for body in sent]))
        assert bodies(await acknowledged(reader, sent[-1])) == sent
        await publishing
    assert to_broker.published == len(sent)
