"""The checkpoint in SQLite: one transaction a batch, and a restart that repeats nothing.

A commit writes, in one transaction: the observations as one journal entry, new devices, dead letters and activations
into their tables, a slice of what earlier commits left (``adapters.sqlite.unsettled``), and the position. The memory
of a device, and with it its state and its last connection, reaches its table in that slice only, half a minute later
or so; up to then the uplink log holds what it is made of. So a restart loads memory from the table and reads the log
from ``replay_from``, the position up to which all is in the tables: an uplink at or below its device's memory is
skipped whole, every other gives the same results under the same keys.

States and readings are answered from both places, so nobody sees the difference; after a kill no state is told until
the log has been read again. Another process (``read_only``) sees observations as of the last commit before it opened,
states as of the last slice.

Measured on two busy cores, batches of 500 from 20,000 devices: 10 µs of CPU an uplink for encoding its results, 4 to 7
for the commit, 8 to 12 for the slices; written straight into the table, the observation alone is 26 to 37.
"""

import asyncio
import sqlite3
import time
from collections.abc import Callable, Sequence
from types import TracebackType
from typing import Self

from adapters.device_memory.encoded_memories import EncodedMemories
from adapters.sqlite.database import SqliteDatabase
from adapters.sqlite.dead_letters import write_letters
from adapters.sqlite.device_memory import stored_memories
from adapters.sqlite.device_registry import write_devices
from adapters.sqlite.journal import forget_journal, journal_end, stored_journal, write_journal
from adapters.sqlite.settling import settle
from adapters.sqlite.taken import Taken
from application.errors import WrongShape
from application.ports.checkpoint import Restored
from application.processing.outcome import Outcome
from domain.radio import Activation

GENERATION_MOST = 400_000
"""Observations and memories in one generation: some 200,000 uplinks, 100 MB. Two generations are replayed after a
kill at most: 400,000 uplinks, 10 s."""
GENERATION_S = 30.0
"""A generation of a quiet city is this old at most."""
_LEAST_THINGS = 200
"""Observations and memories settled with each commit at least: those of 100 devices, 1 to 2 ms."""
_THINGS_AT_CLOSE = 4_000
"""Settled with one transaction when nobody waits for the event loop any more: those of 2,000 devices, 30 ms."""

_ACTIVATION = "INSERT OR IGNORE INTO activations VALUES (?, ?, ?, ?, ?, ?)"
_POSITION = """INSERT INTO position VALUES (0, ?, ?, ?) ON CONFLICT DO UPDATE SET
    next_offset = max(next_offset, excluded.next_offset), replay_from = excluded.replay_from"""


def _nothing(_: str) -> None:
    """Pass a crash point."""


class SqliteCheckpoint:
    """Of the one partition of the embedded platform; to be closed (``async with``) before its database.

    Args:
        database: where it is kept; must be open before the first call.
        generation_most: how many observations and memories may wait for their tables, twice.
        generation_s: how long they may wait, about.
        at: told ``results_written``, ``slice_written``, ``position_written`` and ``committed``.
        now: seconds of a clock that never goes back.
    """

    def __init__(
        self,
        database: SqliteDatabase,
        *,
        generation_most: int = GENERATION_MOST,
        generation_s: float = GENERATION_S,
        at: Callable[[str], None] = _nothing,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self._database = database
        self._file = database.results
        self._unsettled = database.unsettled
        self._generation_most = generation_most
        self._generation_s = generation_s
        self._at = at
        self._now = now
        self._log_id = ""
        self._next_offset = 0
        """After the last committed batch of this process."""
        self._replay_until = 0
        """After the last batch that was committed before."""
        self._turned_offset = 0
        """Where the settling generation ends."""
        self._turned_entry = 0
        """Its last entry in the journal."""
        self._settled_entry = 0
        """Up to here the journal's entries are in their table."""
        self._turned_s = 0.0
        self._taken = Taken()
        self._memory = EncodedMemories({})

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Settle everything, so that the next start replays nothing.

        Raises:
            Unavailable: the file cannot be written; the next start replays instead.
        """
        if self._log_id:
            self._settle_all()

    async def restore(self, partition: int) -> Restored:
        _only(partition)
        self._taken = Taken()
        self._replay_until, replay_from = self._find_position()
        self._database.is_replaying = replay_from < self._replay_until
        self._unsettled.clear()
        with self._file.reading() as connection:
            for rows in stored_journal(connection):
                self._unsettled.take_observations(rows)
        self._next_offset = self._turned_offset = self._database.needed_from = replay_from
        self._turned_entry = self._settled_entry = 0
        self._turned_s = self._now()
        self._memory = EncodedMemories(await self._memories())
        return Restored(self._memory, replay_from)

    def take(self, partition: int, outcome: Outcome) -> None:
        _only(partition)
        self._memory.put(self._taken.add(outcome))

    async def commit(self, partition: int, next_offset: int) -> None:
        _only(partition)
        batch, self._taken = self._taken, Taken()
        await asyncio.sleep(0)  # nothing below waits for anybody: let others run between two batches
        things = len(batch.observations) + len(batch.memories)
        # Twice as many as came, so that a generation is settled before the next is half full.
        devices = self._unsettled.next_devices(max(_LEAST_THINGS, 2 * things))
        # Where nothing waits for its table and nothing new will, there is nothing to replay.
        idle = self._unsettled.is_empty and not things
        replay_from = next_offset if idle else self._replay_from_after(devices)
        with self._file.writing() as connection:
            write_journal(connection, batch.journal)
            write_devices(connection, batch.devices)
            write_letters(connection, batch.dead_letters)
            connection.executemany(_ACTIVATION, [_activation_row(each) for each in batch.activations])
            self._at("results_written")
            self._write_slice(connection, devices)
            connection.execute(_POSITION, (self._log_id, next_offset, replay_from))
            self._at("position_written")
        self._at("committed")
        self._next_offset = next_offset
        self._note_settled(devices, replay_from)
        self._unsettled.take(batch)
        self._database.is_replaying = next_offset < self._replay_until
        if self._unsettled.settling is None and self._is_full():
            self._turn()

    def _write_slice(self, connection: sqlite3.Connection, devices: Sequence[str]) -> None:
        """Write the things of ``devices``; let the journal forget what earlier slices wrote."""
        forget_journal(connection, self._settled_entry)
        if self._unsettled.settling is not None:
            settle(connection, self._unsettled.settling, devices)
            self._at("slice_written")

    def _note_settled(self, devices: Sequence[str], replay_from: int) -> None:
        """Take over what a transaction settled, once it is durable."""
        self._database.needed_from = replay_from
        if self._unsettled.settling is not None and self._unsettled.is_last(devices):
            self._settled_entry = self._turned_entry
        self._unsettled.settled(devices)

    def _replay_from_after(self, devices: Sequence[str]) -> int:
        """Return up to where all is in the tables once the things of ``devices`` are."""
        ends = self._unsettled.settling is not None and self._unsettled.is_last(devices)
        return self._turned_offset if ends else self._database.needed_from

    def _is_full(self) -> bool:
        taken = self._unsettled.filling.taken
        return taken >= self._generation_most or (taken > 0 and self._now() - self._turned_s >= self._generation_s)

    def _turn(self) -> None:
        """Let what was gathered be settled from the next commit on."""
        with self._file.reading() as connection:
            self._turned_entry = journal_end(connection)
        self._unsettled.turn()
        self._turned_offset = self._next_offset
        self._turned_s = self._now()

    def _settle_all(self) -> None:
        """Settle the generation in work, then the one that was filling; nothing is left in the journal."""
        self._settle_rest()
        if not self._unsettled.is_empty:
            self._turn()
            self._settle_rest()
        with self._file.writing() as connection:
            connection.execute("DELETE FROM journal")

    def _settle_rest(self) -> None:
        while devices := self._unsettled.next_devices(_THINGS_AT_CLOSE):
            replay_from = self._replay_from_after(devices)
            with self._file.writing() as connection:
                self._write_slice(connection, devices)
                connection.execute(_POSITION, (self._log_id, self._next_offset, replay_from))
            self._note_settled(devices, replay_from)

    def _find_position(self) -> tuple[int, int]:
        """Return up to where all is committed, and from where to read the log: the one that was read before."""
        with self._database.uplinks.reading() as connection:
            [self._log_id] = connection.execute("SELECT log_id FROM log").fetchone()
            bounds = "SELECT coalesce(min(first), 0), coalesce(max(first + messages), 0) FROM uplinks"
            beginning, end = connection.execute(bounds).fetchone()
        with self._file.reading() as connection:
            found = connection.execute("SELECT log_id, next_offset, replay_from FROM position").fetchone()
        if found is None:
            return int(beginning), int(beginning)
        log_id, next_offset, replay_from = found
        if log_id != self._log_id or next_offset > end:
            raise WrongShape(
                f"{self._file.path} was computed up to message {next_offset} of another log than"
                f" {self._database.uplinks.path}, which ends at {end}: restore both from one backup, or move"
                f" {self._file.path.name} away to compute it anew",
                next_offset=str(next_offset),
                end=str(end),
            )
        return int(next_offset), int(replay_from)

    async def _memories(self) -> dict[str, bytes]:
        memories: dict[str, bytes] = {}
        with self._file.reading() as connection:
            for some in stored_memories(connection):
                memories.update(some)
                await asyncio.sleep(0)
        return memories


def _only(partition: int) -> None:
    if partition != 0:
        raise ValueError(f"the embedded platform has partition 0 only, not {partition}")


def _activation_row(activation: Activation) -> tuple[str, int, str, str, str, str]:
    return (
        activation.dev_eui,
        activation.network_ns,
        activation.source,
        activation.session,
        activation.application_id,
        activation.device_id,
    )
