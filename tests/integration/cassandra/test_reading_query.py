"""The query of readings in Cassandra keeps the contract; its fixtures stand in conftest."""

import pytest

from tests.contract.reading_query import ReadingQueryContract

pytestmark = pytest.mark.integration


class TestCassandraReadingQuery(ReadingQueryContract):
    """Nothing of its own."""
