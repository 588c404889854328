"""Device states in Cassandra keep the contract."""

import pytest

from adapters.cassandra.device_states import CassandraDeviceStates
from adapters.cassandra.session import CassandraSession
from application.ports.device_states import DeviceStates
from tests.contract.device_states import DeviceStatesContract

pytestmark = pytest.mark.integration


class TestCassandraDeviceStates(DeviceStatesContract):
    @pytest.fixture
    def states(self, session: CassandraSession) -> DeviceStates:
        return CassandraDeviceStates(session)
