"""Radio metadata in Cassandra: a row for each uplink, by device and day."""

import asyncio
import time
from collections.abc import Callable, Sequence
from typing import cast

import msgspec

from adapters.cassandra.days import KnownDays, day_of
from adapters.cassandra.retention import time_to_live
from adapters.cassandra.rows import Row, bigint, integer, valued
from adapters.cassandra.session import CassandraSession
from adapters.cassandra.statements import Cql
from application.errors import WrongShape
from domain.identifiers import DevEui
from domain.radio import ConnectionInfo
from domain.rfc3339 import parse_rfc3339

_TABLE = "radio_metadata"
_ASK_AGAIN_S = 600.0
"""How long a table is kept changes with a migration, and then for what is written from then on."""
_NS_PER_US = 1_000

_encode = msgspec.json.Encoder(order="deterministic").encode
_decode = msgspec.json.Decoder(ConnectionInfo).decode


class CassandraRadioMetadata:
    """The write time is when the network received the uplink.

    So a replay says the same again, and brings nothing back that was erased; of two contents under one key the one
    whose JSON compares greater stays.
    """

    def __init__(self, session: CassandraSession, wall_clock: Callable[[], float] = time.time) -> None:
        """Take the session; ``wall_clock`` tells the seconds since 1970-01-01 UTC."""
        self._session = session
        self._wall_clock = wall_clock
        self._known_days = KnownDays()
        self._kept_s = 0
        self._asked_s: float | None = None
        self.expired = 0
        """Uplinks that came when their time to be kept was over; they were not stored."""

    async def write(self, connections: Sequence[ConnectionInfo]) -> None:
        now_s = asyncio.get_running_loop().time()
        kept_s, wall_s = await self._kept(now_s), int(self._wall_clock())
        found = [_row(each, kept_s, wall_s) for each in connections]
        rows = [row for row in found if row is not None]
        self.expired += len(found) - len(rows)
        days = {row.partition: _day(row) for row in rows if row.partition not in self._known_days}
        await self._session.write([*days.values(), *rows])
        self._known_days.add(days, now_s)

    async def of_device(
        self, device: DevEui, since_ns: int, until_ns: int, *, size: int = 1_000
    ) -> Sequence[ConnectionInfo]:
        found: list[ConnectionInfo] = []
        days = await self._session.read(Cql.READ_RADIO_DAYS, device, day_of(since_ns), day_of(until_ns))
        for (day,) in days:  # newest first, as the table is
            if len(found) >= size:
                break
            rows = await self._session.read(Cql.READ_RADIO, device, day, since_ns, until_ns, size - len(found))
            found += [_connection(device, body) for (body,) in rows]
        return found

    async def _kept(self, now_s: float) -> int:
        """Return how long a row is kept, s; 0: for ever."""
        if self._asked_s is None or now_s - self._asked_s > _ASK_AGAIN_S:
            tables = dict(cast("Sequence[tuple[str, int]]", await self._session.read(Cql.READ_TIMES_TO_LIVE)))
            self._kept_s, self._asked_s = tables.get(_TABLE, 0), now_s
        return self._kept_s


def _row(info: ConnectionInfo, kept_s: int, now_s: int) -> Row | None:
    network_ns = parse_rfc3339(info.time)
    left = time_to_live(network_ns, kept_s, now_s)
    if left is None:
        return None
    device, day = info.dev_eui.encode(), integer(day_of(network_ns))
    written = bigint(network_ns // _NS_PER_US)
    key = [device, day, bigint(network_ns), info.source.encode(), bigint(info.f_cnt)]
    return Row(Cql.WRITE_RADIO, b"radio" + device + day, valued(written, left, _encode(info), *key))


def _day(row: Row) -> Row:
    """Return the index entry for the partition of ``row``."""
    device, day = row.values[3:5]
    return Row(Cql.WRITE_RADIO_DAY, b"radio" + device, valued(device, day))


def _connection(device: DevEui, body: object) -> ConnectionInfo:
    try:
        return _decode(str(body))
    except msgspec.DecodeError as error:
        message = f"radio metadata of {device} cannot be read: {error}; were they written by a newer stadtfunk?"
        raise WrongShape(message, dev_eui=device) from error
