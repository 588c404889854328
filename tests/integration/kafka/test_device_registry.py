"""The registry of devices in its compacted topic keeps the contract."""

import pytest

from adapters.kafka.connection import KafkaConnection
from adapters.kafka.device_registry import KafkaDeviceRegistry
from adapters.kafka.producer import BatchProducer
from adapters.kafka.topics import Topics
from tests.contract.device_registry import DeviceRegistryContract

pytestmark = pytest.mark.integration


@pytest.fixture
def partitions() -> int:
    return 3


@pytest.fixture
def registry(connection: KafkaConnection, topics: Topics, producer: BatchProducer) -> KafkaDeviceRegistry:
    return KafkaDeviceRegistry(connection, topics, producer)


class TestKafkaDeviceRegistry(DeviceRegistryContract):
    """Spread over three partitions."""
