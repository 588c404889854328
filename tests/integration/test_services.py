"""The servers that the other integration tests rely on do serve, and the libraries installed here reach them."""

from __future__ import annotations

import queue
from typing import TYPE_CHECKING

import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from cassandra.cluster import Cluster
from cassandra.io.libevreactor import LibevConnection
from paho.mqtt.client import Client, MQTTMessage
from paho.mqtt.enums import CallbackAPIVersion

if TYPE_CHECKING:
    from tests.services.fixtures import MosquittoFactory
    from tools.services.address import CassandraAddress, KafkaAddress, MqttAddress
    from tools.services.mosquitto import Mosquitto

pytestmark = pytest.mark.integration
PLENTY_S = 30


async def test_kafka_keeps_a_record_compressed_with_lz4(kafka: KafkaAddress) -> None:
    admin = AIOKafkaAdminClient(bootstrap_servers=kafka.bootstrap)
    await admin.start()
    await admin.create_topics([NewTopic("services", num_partitions=1, replication_factor=1)])
    await admin.close()
    async with AIOKafkaProducer(bootstrap_servers=kafka.bootstrap, acks="all", compression_type="lz4") as producer:
        await producer.send_and_wait("services", b"value" * 100, key=b"key", partition=0)
    async with AIOKafkaConsumer(
        "services", bootstrap_servers=kafka.bootstrap, auto_offset_reset="earliest"
    ) as consumer:
        record = await consumer.getone()
    assert (record.key, record.value, record.offset) == (b"key", b"value" * 100, 0)


def test_cassandra_answers_through_libev_with_protocol_5(cassandra: CassandraAddress) -> None:
    with Cluster(
        [cassandra.host], port=cassandra.port, protocol_version=5, connection_class=LibevConnection
    ) as cluster:
        row = cluster.connect().execute("SELECT data_center, release_version FROM system.local").one()
    assert row.data_center == cassandra.datacenter
    assert row.release_version.startswith("5.")


def test_mosquitto_delivers_what_was_published(mosquitto: MqttAddress) -> None:
    arrived, subscriber = subscribed(mosquitto.host, mosquitto.port, "services/test")
    publish(mosquitto.host, mosquitto.port, "services/test", b"hello")
    assert arrived.get(timeout=PLENTY_S) == b"hello"
    leave(subscriber)


def test_a_killed_mosquitto_comes_back_with_the_sessions_it_saved(mosquitto_factory: MosquittoFactory) -> None:
    broker: Mosquitto = mosquitto_factory()
    _, subscriber = subscribed(broker.host, broker.port, "t")
    leave(subscriber)
    publish(broker.host, broker.port, "t", b"while nobody listened")
    broker.save()
    broker.kill()
    broker.start()
    arrived, subscriber = subscribed(broker.host, broker.port, "t")
    assert arrived.get(timeout=PLENTY_S) == b"while nobody listened"
    leave(subscriber)


def subscribed(host: str, port: int, topic: str) -> tuple[queue.Queue[bytes], Client]:
    """Return what arrives on ``topic``, in a session that the broker keeps, and its client."""
    arrived: queue.Queue[bytes] = queue.Queue()
    ready: queue.Queue[None] = queue.Queue()

    def keep(_client: Client, _userdata: object, message: MQTTMessage) -> None:
        arrived.put(bytes(message.payload))

    client = Client(CallbackAPIVersion.VERSION2, client_id=f"{topic}-reader", clean_session=False)
    client.on_message = keep
    client.on_subscribe = lambda *_: ready.put(None)
    client.connect(host, port)
    client.subscribe(topic, qos=1)
    client.loop_start()
    ready.get(timeout=PLENTY_S)
    return arrived, client


def publish(host: str, port: int, topic: str, body: bytes) -> None:
    """Publish ``body`` and return when the broker has it."""
    client = Client(CallbackAPIVersion.VERSION2)
    client.connect(host, port)
    client.loop_start()
    client.publish(topic, body, qos=1).wait_for_publish(PLENTY_S)
    leave(client)


def leave(client: Client) -> None:
    """Disconnect in order."""
    client.disconnect()
    client.loop_stop()
