"""A batch of rows is, byte by byte, what the driver itself would send."""

from collections.abc import Sequence
from types import SimpleNamespace
from typing import cast

from cassandra import ConsistencyLevel
from cassandra.protocol import BatchMessage, ProtocolHandler
from cassandra.query import BatchStatement, BatchType, BoundStatement, PreparedStatement
from hypothesis import given
from hypothesis import strategies as st

from adapters.cassandra.row_batch import Prepared, RowProtocol, known, row_batch
from adapters.cassandra.rows import Row, valued
from adapters.cassandra.statements import Cql

_VERSION = 5
COLUMNS = {Cql.WRITE_STATE: 4, Cql.WRITE_LOSSES: 5, Cql.WRITE_DAY: 2}


def prepared(cql: Cql) -> Prepared:
    """Return a statement as nodes make it known."""
    columns = [SimpleNamespace(keyspace_name="city", table_name="t") for _ in range(COLUMNS[cql])]
    name = cql.name.encode().ljust(16, b".")
    statement = PreparedStatement(columns, name, [0, 1], str(cql), None, _VERSION, None, None)
    return known(statement)


PREPARED = {cql: prepared(cql) for cql in COLUMNS}
many = st.lists(
    st.sampled_from(list(COLUMNS)).flatmap(
        lambda cql: st.tuples(
            st.just(cql), st.lists(st.binary(max_size=20), min_size=COLUMNS[cql], max_size=COLUMNS[cql])
        )
    ),
    min_size=1,
    max_size=20,
)


def message(batch: BatchStatement) -> BatchMessage:
    """Return the message that the driver's session makes of a batch."""
    queries = batch._statements_and_parameters
    return BatchMessage(batch.batch_type, queries, ConsistencyLevel.LOCAL_QUORUM, keyspace=batch.keyspace)


def as_the_driver_does(rows: Sequence[tuple[Cql, list[bytes]]]) -> BatchStatement:
    """Return a batch that the driver puts together."""
    batch = BatchStatement(BatchType.UNLOGGED)
    for cql, values in rows:
        bound = BoundStatement(PREPARED[cql].statement)
        bound.values = values
        batch.add(bound)
    return batch


def sent(protocol: type[ProtocolHandler], batch: BatchStatement) -> bytes:
    """Return the frame of a batch."""
    return cast(
        "bytes",
        protocol.encode_message(message(batch), 7, _VERSION, compressor=None, allow_beta_protocol_version=False),
    )


@given(many)
def test_rows_are_sent_as_the_driver_would(rows: list[tuple[Cql, list[bytes]]]) -> None:
    theirs = as_the_driver_does(rows)
    ours = row_batch([Row(cql, b"", valued(*values)) for cql, values in rows], PREPARED)
    assert sent(RowProtocol, ours) == sent(ProtocolHandler, theirs)
    assert ours.routing_key == theirs.routing_key
    assert ours.keyspace == theirs.keyspace
    assert len(ours) == len(theirs)


@given(many)
def test_what_is_no_batch_of_rows_is_left_to_the_driver(rows: list[tuple[Cql, list[bytes]]]) -> None:
    theirs = as_the_driver_does(rows)
    assert sent(RowProtocol, theirs) == sent(ProtocolHandler, theirs)


@given(many)
def test_a_batch_can_be_sent_again(rows: list[tuple[Cql, list[bytes]]]) -> None:
    ours = row_batch([Row(cql, b"", valued(*values)) for cql, values in rows], PREPARED)
    assert sent(RowProtocol, ours) == sent(RowProtocol, ours)
