"""The uplink log in SQLite: each append is one row, durable when ``append`` returns; offsets are message numbers.

Kept by size: the oldest rows go once the bodies exceed the limit, but never what a restart would still read
(``SqliteDatabase.needed_from``), and never the newest row, which tells where the log ends.
"""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Callable, Collection, Mapping, Sequence

from adapters.sqlite.database import SqliteDatabase
from adapters.sqlite.uplink_batch import packed, unpacked
from adapters.sqlite.uplink_tail import UplinkTail
from application.errors import WrongShape
from application.ports.uplink_log import LoggedUplinks, Place, RawUplink

KEEP_BYTES = 2_000_000_000
"""2 GB: 8 million messages of a quiet city, 14 million in a flood (compressed, in small and in large batches)."""
_PARTITION = 0
_MOST = 500
"""Messages handed over at once."""
_LARGEST_ROW = 1_000
"""Messages in one row: 1.7 MB to compress and to decode at once, 2 ms."""
_REMOVED_AT_ONCE = 16
"""Rows removed with one append: more than it adds, so that a lowered limit is reached, and no pause."""
_LOOKED_AT = 256
"""Rows whose times are looked at in one slice of a replay."""


def _nothing(_: str) -> None:
    """Pass a crash point."""


class SqliteUplinkLog:
    """One partition, one writer, as many readers as like.

    Args:
        database: where it is kept; must be open before the first call.
        keep_bytes: how many bytes of messages are kept.
        at: told ``batch_written`` and ``batch_durable``, where a kill is tried.
    """

    def __init__(
        self, database: SqliteDatabase, keep_bytes: int = KEEP_BYTES, at: Callable[[str], None] = _nothing
    ) -> None:
        self._database = database
        self._file = database.uplinks
        self._keep_bytes = keep_bytes
        self._at = at
        self._end = -1
        self._through_bytes = 0
        self._tail = UplinkTail(0)
        self._assigned = True
        self._news = asyncio.Event()

    async def append(self, uplinks: Sequence[RawUplink]) -> None:
        if not uplinks:
            return
        # Nothing below waits for anybody: without this a source that always has more would keep all others from
        # running. As many turns as processing needs to read as much, so that it does not fall behind.
        for _ in range(0, len(uplinks), _MOST):
            await asyncio.sleep(0)
        self._find_end()
        end, through = self._end, self._through_bytes
        with self._file.writing() as connection:
            for start in range(0, len(uplinks), _LARGEST_ROW):
                part = uplinks[start : start + _LARGEST_ROW]
                body = packed(part)
                through += len(body)
                times = [uplink.received_us for uplink in part]
                row = (end, len(part), min(times), max(times), through, body)
                connection.execute("INSERT INTO uplinks VALUES (?, ?, ?, ?, ?, ?)", row)
                end += len(part)
            self._remove_oldest(connection, through)
            self._at("batch_written")
        self._at("batch_durable")
        self._end, self._through_bytes = end, through
        self._tail.extend(uplinks)
        self._tell()

    async def read(self, partition: int, offset: int) -> AsyncIterator[LoggedUplinks]:
        self._find_end()
        if offset > self._end:
            raise WrongShape(
                f"{self._file.path} ends at {self._end} and has nothing at {offset}: it is not the log that was read"
                " before; restore it from the backup, or move stadtfunk.db away to compute it anew",
                offset=str(offset),
            )
        while self._assigned:
            if offset >= self._end:
                await self._news.wait()
                continue
            uplinks = self._tail.since(offset, _MOST) or self._stored(offset)
            yield LoggedUplinks(partition, range(offset, offset + len(uplinks)), uplinks)
            offset += len(uplinks)

    async def replay(self, since_us: int, until_us: int) -> AsyncIterator[LoggedUplinks]:
        following = 0
        while rows := self._times(following):
            for first, messages, earliest, latest in rows:
                following = first + messages
                if earliest < until_us and latest >= since_us and (body := self._body(first)) is not None:
                    batch = _received(first, unpacked(body), since_us, until_us)
                    if batch.offsets:
                        yield batch
            await asyncio.sleep(0)

    async def some(self, places: Collection[Place]) -> Mapping[Place, RawUplink]:
        found: dict[Place, RawUplink] = {}
        first, row = 0, list[RawUplink]()
        for offset in sorted(offset for partition, offset in places if partition == _PARTITION):
            if not 0 <= offset - first < len(row):
                await asyncio.sleep(0)
                first, row = self._row_of(offset)
            if 0 <= offset - first < len(row):
                found[_PARTITION, offset] = row[offset - first]
        return found

    def assign(self) -> None:
        """Let reading begin, or begin again."""
        self._assigned = True

    def release(self) -> None:
        """End every reading after the batch in hand."""
        self._assigned = False
        self._tell()

    def _find_end(self) -> None:
        """Look up, once, where the log ends."""
        if self._end >= 0:
            return
        with self._file.reading() as connection:
            newest = "SELECT first + messages, through_bytes FROM uplinks ORDER BY first DESC LIMIT 1"
            self._end, self._through_bytes = connection.execute(newest).fetchone() or (0, 0)
        self._tail = UplinkTail(self._end)

    def _stored(self, offset: int) -> list[RawUplink]:
        """Return messages from ``offset`` on, out of the table; small rows are joined."""
        uplinks: list[RawUplink] = []
        with self._file.reading() as connection:
            [start] = connection.execute("SELECT max(first) FROM uplinks WHERE first <= ?", (offset,)).fetchone()
            rows = connection.execute("SELECT first, body FROM uplinks WHERE first >= ? ORDER BY first", (start or 0,))
            for first, body in rows:
                if first > offset + len(uplinks):
                    break
                uplinks.extend(unpacked(body)[max(0, offset - first) :])
                if len(uplinks) >= _MOST:
                    break
            rows.close()
        if not uplinks:
            raise WrongShape(
                f"{self._file.path} no longer holds message {offset}: restore it from the backup, or move"
                " stadtfunk.db away to compute it anew from what the log still holds",
                offset=str(offset),
            )
        return uplinks

    def _remove_oldest(self, connection: sqlite3.Connection, through: int) -> None:
        """Remove whole rows from the old end while more than the limit would stay without them."""
        if through <= self._keep_bytes:
            return
        oldest = "SELECT first, messages, through_bytes FROM uplinks ORDER BY first LIMIT ?"
        for first, messages, removed in connection.execute(oldest, (_REMOVED_AT_ONCE,)).fetchall():
            if through - removed <= self._keep_bytes or first + messages > self._database.needed_from:
                return
            connection.execute("DELETE FROM uplinks WHERE first = ?", (first,))

    def _times(self, following: int) -> list[tuple[int, int, int, int]]:
        with self._file.reading() as connection:
            times = "SELECT first, messages, since_us, until_us FROM uplinks WHERE first >= ? ORDER BY first LIMIT ?"
            return connection.execute(times, (following, _LOOKED_AT)).fetchall()

    def _body(self, first: int) -> bytes | None:
        """Return the row at ``first``; None: it was removed in the meantime."""
        with self._file.reading() as connection:
            found = connection.execute("SELECT body FROM uplinks WHERE first = ?", (first,)).fetchone()
        return found and bytes(found[0])

    def _row_of(self, offset: int) -> tuple[int, list[RawUplink]]:
        """Return the row that ``offset`` would stand in, and the offset of its first message; an empty one if none."""
        with self._file.reading() as connection:
            row = "SELECT first, body FROM uplinks WHERE first <= ? ORDER BY first DESC LIMIT 1"
            found = connection.execute(row, (offset,)).fetchone()
        return (found[0], unpacked(found[1])) if found else (0, [])

    def _tell(self) -> None:
        """Wake all who wait for news, once."""
        self._news.set()
        self._news = asyncio.Event()


def _received(first: int, uplinks: Sequence[RawUplink], since_us: int, until_us: int) -> LoggedUplinks:
    """Return those of ``uplinks`` that were received in the range."""
    offsets = [first + index for index, each in enumerate(uplinks) if since_us <= each.received_us < until_us]
    return LoggedUplinks(_PARTITION, offsets, [uplinks[offset - first] for offset in offsets])
