"""Our share of the uplinks: read and committed by partition, from when it is given to us until it is taken away."""

import asyncio
from collections.abc import Collection, Iterable, Sequence
from types import TracebackType
from typing import Self

from aiokafka.abc import ConsumerRebalanceListener
from aiokafka.errors import ConsumerStoppedError, IllegalStateError
from aiokafka.structs import TopicPartition

from adapters.kafka.connection import KafkaConnection
from adapters.kafka.consumer_pace import ConsumerPace
from adapters.kafka.errors import translated
from adapters.kafka.group_consumer import GroupConsumer
from adapters.kafka.log_record import LogRecord
from adapters.kafka.race import beside, unless
from adapters.kafka.topics import Topics
from application.errors import Fenced
from application.ports.uplink_log import PART

_WAIT_S = 1.0
_PACE = ConsumerPace()
_GATHER_MS = 7
"""99 of 100 readings are to be readable after 50 ms, and have three more ways to go: with 20 ms it was 60 to 90, and
`process` takes hardly more (docs/performance.md)."""
_IN_HAND = 4_000
"""Uplinks of all partitions together while there is a backlog: with their results they take 10 kB each."""


class UplinkConsumer:
    """Shared by the log, the assignment and the checkpoint of one process; an async context manager."""

    def __init__(
        self,
        connection: KafkaConnection,
        topics: Topics,
        group: str,
        *,
        instance_id: str = "",
        session_timeout_s: float = 45.0,
        pace: ConsumerPace = _PACE,
    ) -> None:
        """Take what to read, and as whom (see ``GroupConsumer``).

        Args:
            connection: the cluster.
            topics: their names.
            group: the consumer group.
            instance_id: of a static member.
            session_timeout_s: how long the group waits for a sign of life.
            pace: how much at once, and how often.
        """
        self.topic = topics.uplinks
        self._consumer = GroupConsumer(
            connection,
            [topics.uplinks],
            group,
            gather_ms=_GATHER_MS,
            instance_id=instance_id,
            session_timeout_s=session_timeout_s,
            max_message_bytes=topics.max_message_bytes,
        )
        self.deadlines = connection.deadlines
        self._pace = pace
        self._room: dict[int, int] = {}
        """How many more records the batch of a partition takes."""
        self._ends: dict[int, asyncio.Future[None]] = {}
        self._noted: dict[int, int] = {}
        """Positions that are not committed yet."""
        self._committed_s: dict[int, float] = {}

    @property
    def group(self) -> str:
        """Name of the consumer group."""
        return self._consumer.group

    async def __aenter__(self) -> Self:
        await self._consumer.__aenter__()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None:
        await self._consumer.__aexit__(kind, error, at)

    def subscribe(self, listener: ConsumerRebalanceListener) -> None:
        """Join the group."""
        self._consumer.subscribe(listener)

    async def check(self) -> None:
        """Raise what went wrong behind our back (``GroupConsumer.check``)."""
        await self._consumer.check()

    def check_place(self, partitions: Collection[TopicPartition]) -> None:
        """Raise if another process has our name (``GroupConsumer.check_place``)."""
        self._consumer.check_place(partitions)

    def own(self, partition: int) -> None:
        """From now on ``partition`` may be read and committed."""
        self._noted.pop(partition, None)
        self._ends[partition] = asyncio.get_running_loop().create_future()

    def end(self, partitions: Iterable[int]) -> None:
        """From now on ``partitions`` are not read, but what is in hand may still be committed."""
        for partition in partitions:
            end = self._ends.get(partition)
            if end is not None and not end.done():
                end.set_result(None)

    def disown(self, partition: int) -> None:
        """From now on nothing of ``partition`` is committed."""
        self._ends.pop(partition, None)
        self._noted.pop(partition, None)

    def is_ending(self, partition: int) -> bool:
        """Say whether ``partition`` is being taken away, or was never given."""
        end = self._ends.get(partition)
        return end is None or end.done()

    def is_lost(self, partition: int) -> bool:
        """Say whether ``partition`` is not ours, not even to finish what is in hand."""
        return partition not in self._ends

    def seek(self, partition: int, offset: int) -> None:
        """Read ``partition`` from ``offset`` on."""
        self._consumer.seek(self._at(partition), offset)

    async def read(self, partition: int) -> Sequence[LogRecord] | None:
        """Return the first part of a batch, or no records after a while; None: the partition is not ours any more.

        Commits what was noted, when it is due (while it waits for records) and at the end.

        Raises:
            WrongShape: the log does not hold the position.
            Unavailable, Refused: it cannot be read, or committed.
            Fenced: another has it; what was noted is not committed.
        """
        end = self._ends.get(partition)
        if end is None:
            return None
        with translated(f"reading {self.topic}/{partition}", self._consumer.where):
            try:
                records = None if end.done() else await self._first_part(partition, end)
            except (ConsumerStoppedError, IllegalStateError):
                return None
        if records is None:
            await self._settle(partition)
        return records

    def read_on(self, partition: int) -> Sequence[LogRecord]:
        """Return the next part of the batch that ``read`` began; none: it is full, or no more has come so far.

        Raises:
            WrongShape, Unavailable, Refused: as ``read`` does.
        """
        most = min(PART, self._room.get(partition, 0))
        if not most or self.is_ending(partition):
            return ()
        with translated(f"reading {self.topic}/{partition}", self._consumer.where):
            try:
                records = self._consumer.at_hand(self._at(partition), most)
            except (ConsumerStoppedError, IllegalStateError):
                return ()
        self._room[partition] -= len(records)
        return records

    async def _first_part(self, partition: int, end: asyncio.Future[None]) -> Sequence[LogRecord] | None:
        collecting = unless(end, self._collected(self._at(partition)))
        return await (beside(self._settle(partition), collecting) if self._is_due(partition) else collecting)

    async def _collected(self, at: TopicPartition) -> Sequence[LogRecord]:
        """Return what came."""
        batch = min(self._pace.batch, _IN_HAND // max(1, len(self._ends)))
        most = min(PART, batch)
        wait_s = self._pace.commit_s if at.partition in self._noted else _WAIT_S
        records = (await self._consumer.read(at, wait_s=wait_s, most=most)).get(at, ())
        self._room[at.partition] = batch - len(records)
        return records

    def note(self, partition: int, next_offset: int) -> None:
        """Have the next ``read`` that finds it due remember for the group where to go on with ``partition``.

        Only for what may be read again without harm.

        Raises:
            Fenced: it is not ours any more.
        """
        self._check_ours(partition)
        self._noted[partition] = next_offset

    async def commit(self, partition: int, next_offset: int) -> None:
        """Remember for the group where to go on with ``partition``, at once.

        Raises:
            Fenced: it is not ours any more.
            Unavailable: not confirmed in time.
        """
        self._check_ours(partition)
        self._noted.pop(partition, None)
        await self._consumer.commit({self._at(partition): next_offset})
        self._committed_s[partition] = asyncio.get_running_loop().time()

    async def committed(self, partition: int) -> int | None:
        """Return where the group goes on, what was noted included; None: it never committed."""
        await self._settle(partition)
        return await self._consumer.committed(self._at(partition))

    def _check_ours(self, partition: int) -> None:
        if self.is_lost(partition):
            raise Fenced(f"{self.topic}/{partition} was taken away", partition=str(partition))

    def _is_due(self, partition: int) -> bool:
        if partition not in self._noted:
            return False
        since = self._committed_s.get(partition)
        return since is None or asyncio.get_running_loop().time() - since >= self._pace.commit_s

    async def _settle(self, partition: int) -> None:
        """Commit what was noted."""
        if (next_offset := self._noted.get(partition)) is not None:
            await self.commit(partition, next_offset)

    async def bounds(self, partition: int) -> tuple[int, int]:
        """Return the first position the log still holds, and the one after its last record."""
        return await self._consumer.bounds(self._at(partition))

    async def ends(self, topic: str, partitions: Iterable[int]) -> dict[int, int]:
        """Return the position after the last record of ``partitions`` of another topic."""
        asked = [TopicPartition(topic, partition) for partition in partitions]
        return {at.partition: end for at, end in (await self._consumer.ends(asked)).items()}

    def _at(self, partition: int) -> TopicPartition:
        return TopicPartition(self.topic, partition)
