"""Rows in CQL's bytes and in batches."""

from cassandra.cqltypes import LongType
from hypothesis import given
from hypothesis import strategies as st

from adapters.cassandra.batch_limits import BatchLimits
from adapters.cassandra.rows import Row, bigint, packed, valued
from adapters.cassandra.statements import Cql

rows = st.lists(
    st.builds(
        lambda partition, length: Row(Cql.WRITE_STATE, b"%d" % partition, valued(b"x" * length)),
        st.integers(0, 8),
        st.integers(0, 600),
    )
)
limits = st.builds(
    BatchLimits,
    partitions=st.integers(1, 5),
    size=st.integers(1, 3_000),
    rows=st.integers(1, 9),
    single_partition_size=st.integers(3_000, 5_000),
)


def size_of(batch: list[Row]) -> int:
    """Return the bytes of the values alone, which every estimate must cover."""
    return sum(len(value) for row in batch for value in row.values)


@given(st.integers(-(2**63), 2**63 - 1))
def test_a_bigint_is_what_the_driver_writes(number: int) -> None:
    assert bigint(number) == LongType.serialize(number, 5)


@given(st.lists(st.binary(max_size=300)))
def test_values_can_be_told_apart_again(values: list[bytes]) -> None:
    assert Row(Cql.WRITE_STATE, b"", valued(*values)).values == values


@given(rows, limits)
def test_every_row_is_packed_once(rows: list[Row], limits: BatchLimits) -> None:
    batched = [row for batch in packed(rows, limits) for row in batch]
    assert sorted(map(id, batched)) == sorted(map(id, rows))


@given(rows, limits)
def test_no_batch_exceeds_a_limit(rows: list[Row], limits: BatchLimits) -> None:
    for batch in packed(rows, limits):
        assert 0 < len(batch) <= limits.rows
        partitions = len({row.partition for row in batch})
        assert partitions <= limits.partitions
        assert size_of(batch) <= (limits.single_partition_size if partitions == 1 else limits.size)


@given(rows)
def test_rows_of_one_partition_keep_their_order(rows: list[Row]) -> None:
    batched = [row for batch in packed(rows, BatchLimits()) for row in batch]
    for partition in {row.partition for row in rows}:
        ours = [id(row) for row in rows if row.partition == partition]
        assert [id(row) for row in batched if row.partition == partition] == ours


def test_rows_of_one_partition_share_batches_of_fifty() -> None:
    many = [Row(Cql.WRITE_STATE, b"%d" % (number % 2), valued(b"")) for number in range(200)]
    batches = list(packed(many, BatchLimits()))
    assert [len(batch) for batch in batches] == [50, 50, 50, 50]
    assert all(len({row.partition for row in batch}) == 1 for batch in batches)


def test_a_row_beyond_every_limit_is_sent_alone() -> None:
    large = Row(Cql.WRITE_STATE, b"1", valued(b"x" * 100_000))
    small = Row(Cql.WRITE_STATE, b"2", valued(b"x"))
    assert list(packed([small, large, small], BatchLimits())) == [[small, small], [large]]
