"""Rows on their way to Cassandra: their values as CQL's bytes, and packed into batches.

The driver's own serialisation costs 7 µs for each row, more than all else the sink does with it.
"""

from collections.abc import Iterable, Iterator, Sequence
from struct import Struct as Layout

from msgspec import Struct

from adapters.cassandra.statements import Cql

bigint = Layout(">q").pack
integer = Layout(">i").pack


class Row(Struct, gc=False):
    """One statement with its values."""

    statement: Cql
    partition: bytes
    """Tells partitions apart, those of other tables too."""
    values: list[bytes]
    """In the order of the statement's question marks."""


class BatchLimits(Struct, frozen=True):
    """What a batch may hold. The defaults stay below what a node warns of as it comes, in its log, at each batch.

    Where ``unlogged_batch_across_partitions_warn_threshold`` and ``batch_size_warn_threshold`` of cassandra.yaml were
    raised, more partitions and bytes save up to half of our processor time for each row.
    """

    partitions: int = 10
    size: int = 4_864
    """Estimated bytes where there is more than one partition: 5 KiB, less 5 % for the estimate."""
    rows: int = 50
    single_partition_size: int = 32_768
    """Estimated bytes where there is but one, which nodes do not warn of: well below a commit log segment's half."""


_ROW_OVERHEAD = 64
"""Bytes that a node counts for time stamps, clustering and cells beside the values, less the keys it does not count."""


def text_map(entries: Iterable[tuple[bytes, bytes]]) -> bytes:
    """Return a ``map<text, text>`` as the native protocol (version 3 and later, section 6.16) writes it."""
    parts = [b""]
    for key, value in entries:
        parts += (integer(len(key)), key, integer(len(value)), value)
    parts[0] = integer(len(parts) // 4)
    return b"".join(parts)


def packed(rows: Iterable[Row], limits: BatchLimits) -> Iterator[list[Row]]:
    """Yield ``rows`` in batches, those of one partition together."""
    batch: list[Row] = []
    partitions = size = 0
    for piece, piece_size in _pieces(rows, limits):
        full = partitions == limits.partitions or len(batch) + len(piece) > limits.rows
        if batch and (full or size + piece_size > limits.size):
            yield batch
            batch, partitions, size = [], 0, 0
        batch += piece
        partitions += 1
        size += piece_size
    if batch:
        yield batch


def _pieces(rows: Iterable[Row], limits: BatchLimits) -> Iterator[tuple[Sequence[Row], int]]:
    """Yield the rows of each partition, in pieces that a batch can hold, with their estimated bytes."""
    groups: dict[bytes, list[Row]] = {}
    for row in rows:
        groups.setdefault(row.partition, []).append(row)
    for group in groups.values():
        piece: list[Row] = []
        size = 0
        for row in group:
            row_size = _ROW_OVERHEAD + sum(map(len, row.values))
            if piece and (len(piece) == limits.rows or size + row_size > limits.single_partition_size):
                yield piece, size
                piece, size = [], 0
            piece.append(row)
            size += row_size
        yield piece, size
