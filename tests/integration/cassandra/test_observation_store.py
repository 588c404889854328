"""The store of observations in Cassandra keeps the contract; its fixtures stand in conftest."""

import pytest

from tests.contract.observation_store import ObservationStoreContract

pytestmark = pytest.mark.integration


class TestCassandraObservationStore(ObservationStoreContract):
    """Nothing of its own."""
