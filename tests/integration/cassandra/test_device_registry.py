"""The registry of devices in Cassandra keeps the contract."""

import pytest

from adapters.cassandra.device_registry import CassandraDeviceRegistry
from adapters.cassandra.session import CassandraSession
from adapters.cassandra.settings import ClusterSettings
from application.ports.device_registry import DeviceRegistry
from tests.contract.device_registry import DeviceRegistryContract
from tests.integration.cassandra.cql import cql

pytestmark = pytest.mark.integration


class TestCassandraDeviceRegistry(DeviceRegistryContract):
    @pytest.fixture
    def registry(self, settings: ClusterSettings, session: CassandraSession) -> DeviceRegistry:
        cql(settings, "TRUNCATE {keyspace}.devices")
        cql(settings, "TRUNCATE {keyspace}.devices_by_type")
        return CassandraDeviceRegistry(session)
