"""Statements that no adapter sends: for looking at what was stored, and for breaking it."""

from cassandra.cluster import Cluster, Session
from cassandra.io.libevreactor import LibevConnection

from adapters.cassandra.settings import ClusterSettings


def cql(settings: ClusterSettings, statement: str) -> list[tuple[object, ...]]:
    """Return the rows of ``statement``, in which ``{keyspace}`` is a blank."""
    with _cluster(settings) as cluster:
        rows = cluster.connect().execute(statement.format(keyspace=settings.keyspace), timeout=60)
        return [tuple(row) for row in rows]


def traced(settings: ClusterSettings, statement: str) -> list[str]:
    """Return what the node says it did for ``statement``."""
    with _cluster(settings) as cluster:
        session: Session = cluster.connect()
        result = session.execute(statement.format(keyspace=settings.keyspace), trace=True)
        return [event.description for event in result.get_query_trace(max_wait_sec=30).events]


def _cluster(settings: ClusterSettings) -> Cluster:
    return Cluster(settings.contact_points, port=settings.port, protocol_version=5, connection_class=LibevConnection)
