"""Readings by data class and time in Cassandra keep the contract."""

import pytest

from adapters.cassandra.class_readings import CassandraClassReadings
from adapters.cassandra.session import CassandraSession
from tests.contract.class_readings import ClassReadingsContract

pytestmark = pytest.mark.integration


class TestCassandraClassReadings(ClassReadingsContract):
    @pytest.fixture
    def by_class(self, session: CassandraSession) -> CassandraClassReadings:
        return CassandraClassReadings(session)
