"""The states of versions 1 to 7, a partition for each device, moved into shards."""

from cassandra.cluster import Session
from cassandra.concurrent import execute_concurrent_with_args
from cassandra.query import SimpleStatement

from adapters.cassandra.shards import shard_of
from adapters.cassandra.statements import Cql

FORMER = "device_states"
_AT_ONCE = 5_000
"""States of a page: some 4 MB."""
_IN_FLIGHT = 64


def move_states(session: Session, keyspace: str) -> list[str]:
    """Copy the states of the former table with their write times, then drop it; return what was done.

    Before the new version is set, so that nobody takes a state that is not copied yet for one that never was. Ended in
    the middle, all is copied again.
    """
    write = session.prepare(Cql.WRITE_STATE.format(keyspace=keyspace))
    read = f"SELECT device, state, WRITETIME(state) FROM {keyspace}.{FORMER}"  # noqa: S608  names of ours
    result, moved = session.execute(SimpleStatement(read, fetch_size=_AT_ONCE)), 0
    while True:
        states = [(written_us, state, shard_of(device), device) for device, state, written_us in result.current_rows]
        execute_concurrent_with_args(session, write, states, concurrency=_IN_FLIGHT)
        moved += len(states)
        if not result.has_more_pages:  # one without rows need not be the last
            break
        result.fetch_next_page()
    session.execute(f"DROP TABLE {keyspace}.{FORMER}", timeout=60)
    return [f"states: {moved} of {FORMER} copied", f"{FORMER}: dropped"]
