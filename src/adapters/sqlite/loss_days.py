"""The loss ledger in SQLite.

What the checkpoint knows waits for its table with the memory of its device (``adapters.sqlite.unsettled``); a reader
looks in both places. Rows stand by day and then by device, so that those of today, which every uplink changes, lie
together.
"""

from collections.abc import Iterable, Sequence

from adapters.sqlite.database import SqliteDatabase
from adapters.sqlite.loss_table import loss_day, loss_row, write_losses
from application.errors import Unavailable
from domain.identifiers import DevEui
from domain.radio import LossDay

Key = tuple[int, str, str]

_OF_DEVICE = "SELECT body FROM loss_days WHERE day = ? AND dev_eui = ?"
_OF_DAY = """SELECT body FROM loss_days WHERE day = ? AND (dev_eui, source) > (?, ?)
    ORDER BY dev_eui, source LIMIT ?"""


class SqliteLossDays:
    """Answers with the ledger after the last commit, wherever it is; never with an older one."""

    def __init__(self, database: SqliteDatabase) -> None:
        self._database = database
        self._file = database.results
        self._unsettled = database.unsettled

    async def write(self, days: Sequence[LossDay]) -> None:
        with self._file.writing() as connection:
            write_losses(connection, sorted(map(loss_row, days)))

    async def of_device(self, device: DevEui, first_day: int, last_day: int) -> Sequence[LossDay]:
        self._refuse_while_replaying()
        found: list[LossDay] = []
        with self._file.reading() as connection:
            for day in range(first_day, last_day + 1):
                found += [loss_day(body) for (body,) in connection.execute(_OF_DEVICE, (day, device))]
        fresh = (row for row in self._unsettled.losses_of(device) if first_day <= row.day <= last_day)
        return _newest([*found, *fresh])

    async def of_day(self, day: int, *, size: int, after: tuple[str, str] = ("", "")) -> Sequence[LossDay]:
        self._refuse_while_replaying()
        with self._file.reading() as connection:
            found = [loss_day(body) for (body,) in connection.execute(_OF_DAY, (day, *after, size))]
        fresh = (row for row in self._unsettled.losses_on(day) if (row.dev_eui, row.source) > after)
        return _newest([*found, *fresh])[:size]

    def _refuse_while_replaying(self) -> None:
        if self._database.is_replaying:
            raise Unavailable("losses are being counted again after a kill: ask again in a few seconds")


def _newest(rows: Iterable[LossDay]) -> list[LossDay]:
    """Return the latest written row of each day, device and source, in this order."""
    newest: dict[Key, LossDay] = {}
    for row in rows:
        before = newest.get(_key(row))
        if before is None or before.written_us <= row.written_us:
            newest[_key(row)] = row
    return [newest[key] for key in sorted(newest)]


def _key(row: LossDay) -> Key:
    return row.day, row.dev_eui, row.source
