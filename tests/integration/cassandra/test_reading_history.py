"""Replaced readings in Cassandra keep the contract."""

import pytest

from adapters.cassandra.reading_history import CassandraReadingHistory
from adapters.cassandra.session import CassandraSession
from tests.contract.reading_history import ReadingHistoryContract

pytestmark = pytest.mark.integration


class TestCassandraReadingHistory(ReadingHistoryContract):
    @pytest.fixture
    def history(self, session: CassandraSession) -> CassandraReadingHistory:
        return CassandraReadingHistory(session)
