"""What network servers publish is heard under the topics that a source takes for itself, and is read."""

import pytest

from adapters.simulated_city.fleets import FLEETS
from application.ports.uplink_log import RawUplink
from domain.radio import Activation, ServerNotice, ServerReport, Unreadable, Uplink
from stadtfunk.container.core import Core
from stadtfunk.settings import MqttSourceSettings, Settings, topic_filters
from tests.integration.mqtt.broker import LOGGED, publisher, source, subscribed
from tests.services.fixtures import MosquittoFactory
from tests.unit.adapters.simulated_city.cities import calm, whole_run

pytestmark = pytest.mark.integration

_KINDS: dict[str, set[type]] = {
    "tts": {Uplink, Activation},
    "ttn-v2": {Uplink, Activation},
    "chirpstack": {Uplink, Activation, ServerReport, ServerNotice},
}


@pytest.mark.parametrize("server", ["tts", "ttn-v2", "chirpstack"])
async def test_a_source_without_topics_hears_all_of_its_network_server(
    mosquitto_factory: MosquittoFactory, server: str
) -> None:
    broker = mosquitto_factory(LOGGED)
    chosen = calm(devices=20, uplinks=600, fleets=tuple(FLEETS), network_servers=(server,), repeated=0.1)
    published, _ = whole_run(chosen)
    named = MqttSourceSettings(name="swu", host=broker.host, network_server=server)  # type: ignore[arg-type]  # one of the three
    heard: list[RawUplink] = []
    async with source(broker, network_server=server, topics=topic_filters(named)) as reader:
        await subscribed(broker)
        async with publisher(broker) as to_broker:
            await to_broker.publish(published)
        while len(heard) < len(published):
            delivery = await reader.receive()
            assert delivery is not None
            heard += delivery.uplinks
            await reader.acknowledge(delivery)
    assert sorted((raw.topic, raw.body) for raw in heard) == sorted(published)
    messages = [Core(settings=Settings()).reader().read(raw) for raw in heard]
    assert not any(isinstance(message, Unreadable) for message in messages)
    assert {type(message) for message in messages} == _KINDS[server]
