"""Whether a node that dies takes with it what it has acknowledged.

As it comes, a node flushes its commit log every ten seconds (``commitlog_sync: periodic``); after a kill it reads again
only what stood before its last flush. With three copies a quorum still has the rest. With one, it is gone, and nobody
writes it again: the sink has committed its position.
"""

import logging

from cassandra import Unauthorized
from cassandra.cluster import Session
from cassandra.protocol import RequestValidationException

from adapters.cassandra.driver_errors import TRANSIENT

COMMIT_LOG_SYNC = "SELECT value FROM system_views.settings WHERE name = 'commitlog_sync'"
"""Asks a node when it flushes: ``batch``, ``group`` or ``periodic``."""
_log = logging.getLogger(__name__)
_COPIES = "SELECT replication FROM system_schema.keyspaces WHERE keyspace_name = %s"
_FEW = 2
"""Of two copies a quorum is both, so that either has all; one alone has nobody beside it."""


def warn_of_the_only_copy(session: Session, keyspace: str) -> None:
    """Write a warning if the keyspace has one copy on nodes that acknowledge what is not durable yet.

    A node that does not tell (Cassandra 4.0, or no right to ask) is not spoken of.
    """
    try:
        sync = session.execute(COMMIT_LOG_SYNC).one()
        replication = session.execute(_COPIES, (keyspace,)).one()
    except (RequestValidationException, Unauthorized, *TRANSIENT):
        return
    if sync is not None and replication is not None and sync[0] == "periodic" and copies(replication[0]) < _FEW:
        _log.warning(
            "keyspace %s has one copy, and its node acknowledges what it has not flushed (commitlog_sync: periodic):"
            " killed, it forgets some seconds for good; set commitlog_sync: batch, or cassandra.replication_factor = 3",
            keyspace,
        )


def copies(replication: dict[str, str]) -> int:
    """Return how many copies of a row there are in the data centre that has most of them."""
    return max((int(each) for each in replication.values() if each.isdigit()), default=0)
