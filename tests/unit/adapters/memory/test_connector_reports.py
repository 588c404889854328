"""Reports in memory keep the contract."""

import pytest

from adapters.memory.connector_reports import MemoryConnectorReports
from tests.contract.connector_reports import ConnectorReportsContract


class TestMemoryConnectorReports(ConnectorReportsContract):
    @pytest.fixture
    def reports(self) -> MemoryConnectorReports:
        return MemoryConnectorReports()
