"""Master data in Cassandra: one row a record, its body as JSON."""

from collections.abc import Sequence
from functools import partial
from operator import attrgetter
from typing import cast

import msgspec

from adapters.cassandra.rows import Row, bigint, integer, valued
from adapters.cassandra.session import CassandraSession
from adapters.cassandra.shards import merged, shard_of
from adapters.cassandra.statements import Cql
from application.errors import NotFound, WrongShape
from application.ports.master_data import MasterRecord, R, kind_of

_LAST = "\U0010ffff"
"""Greater than all that a key may hold."""

_encode = msgspec.json.Encoder(order="deterministic").encode
_decoder: msgspec.json.Decoder[MasterRecord] = msgspec.json.Decoder(MasterRecord)
_key_of = attrgetter("key")


class CassandraMasterData:
    """The write time decides; a removal leaves a tombstone, which outweighs what was written by then."""

    def __init__(self, session: CassandraSession) -> None:
        self._session = session

    async def put(self, records: Sequence[MasterRecord]) -> None:
        await self._session.write([_row(record) for record in records])

    async def remove(self, kind: type[MasterRecord], key: str, written_us: int) -> None:
        name, shard = kind_of(kind).encode(), integer(_shard_of(key))
        row = Row(Cql.REMOVE_MASTER_DATA, name + shard, valued(bigint(written_us), name, shard, key.encode()))
        await self._session.write([row])

    async def get(self, kind: type[R], key: str) -> R:
        rows = await self._session.read(Cql.READ_MASTER_DATA, kind_of(kind), _shard_of(key), key)
        if not rows:
            raise NotFound(f"no {kind_of(kind)} {key!r} is registered", kind=kind_of(kind), key=key)
        return cast("R", _record(*cast("tuple[str, str]", rows[0])))

    async def page(self, kind: type[R], *, size: int, after: str = "", prefix: str = "") -> Sequence[R]:
        some = partial(self._some, kind, prefix)
        if "/" in prefix:
            _, found = await some(_shard_of(prefix), after, size)
        else:
            found = list(await merged(some, _key_of, size=size, after=after))
        return cast("Sequence[R]", found)

    async def _some(
        self, kind: type[R], prefix: str, shard: int, after: str, most: int
    ) -> tuple[list[str], list[MasterRecord]]:
        """Return the first keys and records of a shard beyond ``after`` that begin with ``prefix``."""
        name, until = kind_of(kind), prefix + _LAST
        # Nothing lies between a prefix and itself but the record of that very name.
        statement = Cql.READ_MASTER_DATA_AFTER if after >= prefix else Cql.READ_MASTER_DATA_FROM
        rows = await self._session.read(statement, name, shard, max(after, prefix), until, most)
        found = [_record(*row) for row in cast("Sequence[tuple[str, str]]", rows)]
        return [record.key for record in found], found


def _shard_of(key: str) -> int:
    return shard_of(key.partition("/")[0])


def _row(record: MasterRecord) -> Row:
    kind, key, shard = kind_of(type(record)).encode(), record.key, integer(_shard_of(record.key))
    values = valued(bigint(record.written_us), _encode(record), kind, shard, key.encode())
    return Row(Cql.WRITE_MASTER_DATA, kind + shard, values)


def _record(key: str, body: str) -> MasterRecord:
    try:
        return _decoder.decode(body)
    except msgspec.DecodeError as error:
        message = f"the record {key} cannot be read: {error}; was it written by a newer stadtfunk?"
        raise WrongShape(message, key=key) from error
