"""Rows on their way to Cassandra: their values as CQL's bytes, and packed into batches.

The driver's own serialisation costs 7 µs for each row, more than all else the sink does with it.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from struct import Struct as Layout

from msgspec import Struct

from adapters.cassandra.batch_limits import BatchLimits
from adapters.cassandra.statements import Cql

bigint = Layout(">q").pack
integer = Layout(">i").pack
BIGINT, INT = 8, 4
"""Their bytes: a value stands behind its length, which is an ``integer`` too (native protocol, [value])."""


def valued(*values: bytes) -> bytes:
    """Return values of a statement as a message has them: each behind its length (native protocol, [value])."""
    return b"".join([part for value in values for part in (integer(len(value)), value)])


class Row(Struct, gc=False):
    """One statement with its values."""

    statement: Cql
    partition: bytes
    """Bytes of its key. A node makes one mutation of a batch's rows under one key, in however many tables they are."""
    body: bytes
    """Its values, in the order of the statement's question marks (``valued``)."""

    @property
    def values(self) -> list[bytes]:
        """The values one by one."""
        found, at = [], 0
        while at < len(self.body):
            start = at + INT
            at = start + int.from_bytes(self.body[at:start])
            found.append(self.body[start:at])
        return found


_ROW_OVERHEAD = 48
"""Bytes that a node counts for time stamps, clustering and cells beside the values, less the keys it does not count,
and less the lengths of four values."""
_LOOKED_THROUGH = 500
"""Rows in which those of one partition are looked for: what is sent early lets the node work while we do, and what was
just made is still near the processor."""


def packed(rows: Iterable[Row], limits: BatchLimits) -> Iterator[list[Row]]:
    """Yield ``rows`` in batches, those of one partition together as far as they come near each other."""
    remaining = iter(rows)
    while some := list(islice(remaining, _LOOKED_THROUGH)):
        yield from _packed(some, limits)


def _packed(rows: Iterable[Row], limits: BatchLimits) -> Iterator[list[Row]]:
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
        group = groups.get(row.partition)
        if group is None:
            groups[row.partition] = [row]
        else:
            group.append(row)
    for group in groups.values():
        if len(group) == 1:
            yield group, _ROW_OVERHEAD + len(group[0].body)
        else:
            yield from _cut(group, limits)


def _cut(group: Sequence[Row], limits: BatchLimits) -> Iterator[tuple[Sequence[Row], int]]:
    piece: list[Row] = []
    size = 0
    for row in group:
        row_size = _ROW_OVERHEAD + len(row.body)
        if piece and (len(piece) == limits.rows or size + row_size > limits.single_partition_size):
            yield piece, size
            piece, size = [], 0
        piece.append(row)
        size += row_size
    yield piece, size
