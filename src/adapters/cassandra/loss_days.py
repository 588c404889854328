"""The loss ledger in Cassandra: one row for each day, device and source."""

from collections.abc import Sequence
from functools import partial
from struct import Struct as Layout

import msgspec

from adapters.cassandra.concurrency import together
from adapters.cassandra.rows import BIGINT, INT, Row
from adapters.cassandra.session import CassandraSession
from adapters.cassandra.shards import merged, shard_of
from adapters.cassandra.statements import Cql
from application.errors import WrongShape
from domain.identifiers import DevEui
from domain.radio import LossDay

_AT_ONCE = 64
"""Days read at the same time."""
_LAST = "\U0010ffff"
"""Greater than all that the name of a source may hold."""

_HEAD = Layout(">iqi").pack
"""Write time, and what stands before the body."""
_KEY = Layout(">iiiii").pack
"""Day and shard, and what stands before the name."""
_PARTITION = slice(4, 16)
"""Of the key: two rows of one day and shard have it in common."""

_encode = msgspec.json.Encoder(order="deterministic").encode
_decode = msgspec.json.Decoder(LossDay).decode


class CassandraLossDays:
    """The write time decides; of two rows with one write time the one whose JSON compares greater stays."""

    def __init__(self, session: CassandraSession) -> None:
        self._session = session

    async def write(self, days: Sequence[LossDay]) -> None:
        newest: dict[tuple[int, str, str], LossDay] = {}
        for each in days:
            key = each.day, each.dev_eui, each.source
            known = newest.get(key)
            if known is None or _outweighs(each, known):
                newest[key] = each
        await self._session.write(map(_row, newest.values()))

    async def of_device(self, device: DevEui, first_day: int, last_day: int) -> Sequence[LossDay]:
        shard = shard_of(device)
        found: list[LossDay] = []
        for first in range(first_day, last_day + 1, _AT_ONCE):
            days = range(first, min(first + _AT_ONCE, last_day + 1))
            reads = (self._session.read(Cql.READ_LOSSES, day, shard, f"{device}/", f"{device}/{_LAST}") for day in days)
            found += [_loss_day(*row) for rows in await together(reads) for row in rows]
        return found

    async def of_day(self, day: int, *, size: int, after: tuple[str, str] = ("", "")) -> Sequence[LossDay]:
        beyond = "/".join(after) if after[0] else ""
        return await merged(partial(self._some, day), _name, size=size, after=beyond)

    async def _some(self, day: int, shard: int, after: str, most: int) -> tuple[list[str], list[LossDay]]:
        rows = await self._session.read(Cql.READ_LOSSES_AFTER, day, shard, after, most)
        return [str(name) for name, _ in rows], [_loss_day(*row) for row in rows]


def _name(row: LossDay) -> str:
    return f"{row.dev_eui}/{row.source}"


def _outweighs(row: LossDay, other: LossDay) -> bool:
    if row.written_us == other.written_us:
        return _encode(row) > _encode(other)
    return row.written_us > other.written_us


def _row(row: LossDay) -> Row:
    body, name = _encode(row), _name(row).encode()
    key = _KEY(INT, row.day, INT, shard_of(row.dev_eui), len(name))
    values = b"".join((_HEAD(BIGINT, row.written_us, len(body)), body, key, name))  # as ``valued`` would, but faster
    return Row(Cql.WRITE_LOSSES, key[_PARTITION], values)


def _loss_day(name: object, body: object) -> LossDay:
    try:
        return _decode(str(body))
    except msgspec.DecodeError as error:
        message = f"the losses of {name} cannot be read: {error}; were they written by a newer stadtfunk?"
        raise WrongShape(message, name=str(name)) from error
