"""Master data in Cassandra keeps the contract."""

import pytest

from adapters.cassandra.master_data import CassandraMasterData
from adapters.cassandra.session import CassandraSession
from adapters.cassandra.settings import ClusterSettings
from application.ports.master_data import MasterData
from tests.contract.master_data import MasterDataContract
from tests.integration.cassandra.cql import cql

pytestmark = pytest.mark.integration


class TestCassandraMasterData(MasterDataContract):
    @pytest.fixture
    def records(self, settings: ClusterSettings, session: CassandraSession) -> MasterData:
        cql(settings, "TRUNCATE {keyspace}.master_data")
        return CassandraMasterData(session)
