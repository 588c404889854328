"""A keyspace of our own on the shared node, and a session with it."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from uuid import uuid4

import pytest

from adapters.cassandra.migration import CassandraMigration
from adapters.cassandra.observation_store import CassandraObservationStore
from adapters.cassandra.reading_query import CassandraReadingQuery
from adapters.cassandra.session import CassandraSession
from adapters.cassandra.settings import ClusterSettings
from application.ports.observation_store import ObservationStore
from application.ports.reading_query import ReadingQuery
from tests.integration.cassandra.cql import cql
from tools.services.address import CassandraAddress


def settings_for(cassandra: CassandraAddress, keyspace: str) -> ClusterSettings:
    """Return settings for ``keyspace`` on a node; patient, because others may be at work on this machine."""
    return ClusterSettings(
        contact_points=(cassandra.host,),
        port=cassandra.port,
        local_dc=cassandra.datacenter,
        keyspace=keyspace,
        connect_timeout_s=20.0,
        request_timeout_s=20.0,
    )


def migration(settings: ClusterSettings) -> CassandraMigration:
    """Return the migration for one node."""
    return CassandraMigration(settings, replication={settings.local_dc: 1})


@pytest.fixture(scope="session")
def settings(cassandra: CassandraAddress) -> Iterator[ClusterSettings]:
    """Settings for a keyspace that nobody else uses, with all tables."""
    settings = settings_for(cassandra, f"tests_{uuid4().hex}")
    asyncio.run(migration(settings).migrate())
    yield settings
    cql(settings, "DROP KEYSPACE {keyspace}")


@pytest.fixture
async def session(settings: ClusterSettings) -> AsyncIterator[CassandraSession]:
    """An open session with that keyspace."""
    async with CassandraSession(settings) as session:
        yield session


@pytest.fixture
def store(session: CassandraSession) -> ObservationStore:
    """The store of observations."""
    return CassandraObservationStore(session)


@pytest.fixture
def query(session: CassandraSession) -> ReadingQuery:
    """The readings in it."""
    return CassandraReadingQuery(session)
