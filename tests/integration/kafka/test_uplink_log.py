"""The uplink log in Kafka keeps the contract, and says what Kafka alone can get wrong."""

from contextlib import AbstractAsyncContextManager

import pytest

from adapters.kafka.connection import KafkaConnection
from adapters.kafka.producer import BatchProducer
from adapters.kafka.topics import Topics
from adapters.kafka.uplink_log import KafkaUplinkLog
from tests.contract.uplink_log import OpenReplica, Replica, UplinkLogContract
from tests.integration.kafka.clients import key_of, opened_replica, uplink_consumer

pytestmark = pytest.mark.integration


@pytest.fixture
def log(connection: KafkaConnection, topics: Topics, producer: BatchProducer) -> KafkaUplinkLog:
    return KafkaUplinkLog(connection, topics, producer, uplink_consumer(connection, topics), key_of)


@pytest.fixture
def open_replica(connection: KafkaConnection, topics: Topics) -> OpenReplica:
    def opened() -> AbstractAsyncContextManager[Replica]:
        return opened_replica(connection, topics)

    return opened


class TestKafkaUplinkLog(UplinkLogContract):
    """With one partition, as the suite's order asks for."""
