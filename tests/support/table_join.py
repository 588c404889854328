"""Lost frames counted by a table that is read through the broker: ``uplinks.leftJoin(table, update).to(TABLE)``.

What is written to the table's topic is joined only once it has come back. This is the form that processing does not
have; tests show why.
"""

from collections import deque
from collections.abc import Iterable

import msgspec
from msgspec import Struct

from domain.radio import Uplink


class Row(Struct, frozen=True):
    """What the table says of a device."""

    last_f_cnt: int
    dropped: int


_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(Row).decode


def updated(row: Row | None, uplink: Uplink) -> Row:
    """Return what the join writes: the counters between the last frame and this one are lost."""
    if row is None:
        return Row(uplink.f_cnt, uplink.f_cnt)
    return Row(uplink.f_cnt, row.dropped + uplink.f_cnt - row.last_f_cnt - 1)


def encoded(row: Row) -> bytes:
    """Return ``row`` as a record's value."""
    return _encode(row)


def decoded(value: bytes) -> Row:
    """Return the row in a record's value."""
    return _decode(value)


def counted_by_table(uplinks: Iterable[Uplink], in_flight: int) -> dict[str, Row]:
    """Return the table after ``uplinks``, of which ``in_flight`` are read before a row that was written comes back."""
    table: dict[str, Row] = {}
    coming: deque[tuple[str, Row]] = deque()
    for uplink in uplinks:
        while len(coming) >= in_flight:
            device, row = coming.popleft()
            table[device] = row
        coming.append((uplink.dev_eui, updated(table.get(uplink.dev_eui), uplink)))
    return table | dict(coming)
