"""The loss ledger in Cassandra keeps the contract."""

import pytest

from adapters.cassandra.loss_days import CassandraLossDays
from adapters.cassandra.session import CassandraSession
from application.ports.loss_days import LossDays
from tests.contract.loss_days import LossDaysContract

pytestmark = pytest.mark.integration


class TestCassandraLossDays(LossDaysContract):
    @pytest.fixture
    def losses(self, session: CassandraSession) -> LossDays:
        return CassandraLossDays(session)
