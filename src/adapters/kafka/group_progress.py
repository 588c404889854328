"""How far consumer groups have come: read from Kafka each time it is asked for, so that nothing is collected before.

Commits come with their times from ``__consumer_offsets``. Where a partition ended at some time is told by the time
stamps of its records.
"""

import asyncio
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import cast

from aiokafka import AIOKafkaConsumer
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.structs import TopicPartition
from msgspec.structs import replace

from adapters.kafka.commit_windows import CommitWindows
from adapters.kafka.connection import KafkaConnection
from adapters.kafka.deadlines import end_within
from adapters.kafka.errors import translated
from adapters.kafka.log_record import LogRecord
from adapters.kafka.offset_commits import TOPIC, commit_of, partition_of
from adapters.kafka.partition_reader import PartitionReader
from application.ports.clock import Clock
from application.ports.group_progress import ENDS_EVERY_MS, WINDOW, Commit, PartitionProgress

_FIRST_LOOK = 5_000
"""Commits of all groups that are looked through at first: a minute of a platform at rest."""
_FARTHER = 4
_MOST = 320_000
"""Looked through at most, 40 MB: what committed nothing in all that time has no window."""
_LITTLE = 16_384
"""Bytes of a partition of which only the first record is wanted; a larger batch comes whole."""
_WAIT_MS = 500
_US_PER_MS = 1_000

_Positions = dict[TopicPartition, int]
_Windows = Mapping[TopicPartition, Sequence[Commit]]


class KafkaGroupProgress:
    """Needs the right to describe the groups and to read ``__consumer_offsets`` and the groups' topics."""

    def __init__(self, connection: KafkaConnection, clock: Clock) -> None:
        self._connection = connection
        self._deadlines = connection.deadlines
        self._clock = clock

    async def of(self, groups: Mapping[str, Sequence[str]]) -> Mapping[str, Sequence[PartitionProgress]]:
        with translated("looking at consumer groups", self._connection.bootstrap):
            partitions, committed = await self._positions(groups)
            committed = {group: positions for group, positions in committed.items() if positions}
            if not committed:
                return {}
            windows = {group: await self._windows(group, committed[group], partitions[TOPIC]) for group in committed}
            async with self._consumer() as consumer:
                return {
                    group: await self._progress(
                        consumer, positions, _read(positions, groups[group], partitions), windows[group]
                    )
                    for group, positions in committed.items()
                }

    async def _positions(self, groups: Iterable[str]) -> tuple[dict[str, int], dict[str, _Positions]]:
        """Return how many partitions each topic has, and where each group goes on."""
        admin = AIOKafkaAdminClient(**self._connection.arguments(), request_timeout_ms=self._deadlines.retry_ms)
        try:
            async with asyncio.timeout(self._deadlines.start_s):
                await admin.start()
                partitions = {each["topic"]: len(each["partitions"]) for each in await admin.describe_topics()}
                found = (
                    {group: await admin.list_consumer_group_offsets(group) for group in groups}
                    if TOPIC in partitions
                    else {}
                )
        finally:
            await end_within(self._deadlines.stop_s, admin.close(), admin._client.close)  # noqa: SLF001  cut the cable
        positions = {
            group: {at: each.offset for at, each in offsets.items() if each.offset >= 0 and at.topic in partitions}
            for group, offsets in found.items()
        }
        return partitions, positions

    async def _windows(self, group: str, wanted: Iterable[TopicPartition], partitions: int) -> _Windows:
        """Return the newest commits of ``group``; looks farther back while there are too few."""
        number = partition_of(group, partitions)
        async with PartitionReader(self._connection, TOPIC, [number]) as reader:
            begin, end = (await reader.begins())[number], (await reader.ends())[number]
            depth = _FIRST_LOOK
            while True:
                since = max(begin, end - depth)
                windows = CommitWindows()
                async for records in reader.read(number, since, end):
                    _collect(records, group, windows)
                if since == begin or depth >= _MOST or all(windows.is_full(*each) for each in wanted):
                    return {TopicPartition(*at): commits for at, commits in windows.newest().items()}
                depth *= _FARTHER

    async def _progress(
        self, consumer: AIOKafkaConsumer, committed: _Positions, read: Sequence[TopicPartition], windows: _Windows
    ) -> list[PartitionProgress]:
        async with asyncio.timeout(self._deadlines.read_s):
            begins: _Positions = await consumer.beginning_offsets(read)
            ends = await self._ends(consumer, read)
            known = await _with_lags(consumer, windows, {at: ends[at][0] for at in read})
        positions = {at: max(committed.get(at, 0), begins[at]) for at in read}
        behind = {at: position for at, position in positions.items() if position < ends[at][0]}
        waiting = await self._waiting(behind)
        return [
            PartitionProgress(
                at.topic,
                at.partition,
                known.get(at, ()),
                ends[at],
                max(0, ends[at][0] - positions[at]),
                waiting.get(at),
            )
            for at in read
        ]

    async def _ends(
        self, consumer: AIOKafkaConsumer, read: Sequence[TopicPartition]
    ) -> dict[TopicPartition, list[int]]:
        """Return where each partition ends, and where it ended before."""
        now_ms = self._clock.now_us() // _US_PER_MS
        newest: _Positions = await consumer.end_offsets(read)
        ends = {at: [newest[at]] for at in read}
        for number in range(1, WINDOW):
            then = await _ends_at(consumer, dict.fromkeys(read, now_ms - number * ENDS_EVERY_MS), newest)
            for at in read:
                ends[at].append(then[at])
        return ends

    async def _waiting(self, behind: _Positions) -> dict[TopicPartition, int]:
        """Return the time stamp of the first record from each position on; of none that does not come in time."""
        found: dict[TopicPartition, int] = {}
        if not behind:
            return found
        async with self._consumer(behind) as consumer:
            for at, position in behind.items():
                consumer.seek(at, position)
            deadline = asyncio.get_running_loop().time() + self._deadlines.commit_s
            while len(found) < len(behind) and asyncio.get_running_loop().time() < deadline:
                missing = [at for at in behind if at not in found]
                records = await consumer.getmany(*missing, timeout_ms=_WAIT_MS, max_records=len(missing))
                found.update({at: each[0].timestamp for at, each in records.items() if each})
        return found

    @asynccontextmanager
    async def _consumer(self, partitions: Iterable[TopicPartition] = ()) -> AsyncIterator[AIOKafkaConsumer]:
        consumer = AIOKafkaConsumer(
            **self._connection.arguments(),
            enable_auto_commit=False,
            auto_offset_reset="earliest",
            max_partition_fetch_bytes=_LITTLE,
            request_timeout_ms=self._deadlines.retry_ms,
        )
        consumer.assign(list(partitions))
        try:
            async with asyncio.timeout(self._deadlines.start_s):
                await consumer.start()
            yield consumer
        finally:
            await end_within(self._deadlines.stop_s, consumer.stop(), consumer._client.close)  # noqa: SLF001  cut the cable


def _read(committed: _Positions, topics: Iterable[str], partitions: Mapping[str, int]) -> list[TopicPartition]:
    """Return what a group reads: where it committed, and all of the topics it is known to read."""
    known = {TopicPartition(topic, number) for topic in topics for number in range(partitions.get(topic, 0))}
    return sorted(known | set(committed))


def _collect(records: Sequence[LogRecord], group: str, windows: CommitWindows) -> None:
    for record in records:
        found = commit_of(record)
        if found is not None and found[0] == group:
            windows.add(*found[1:])


async def _with_lags(consumer: AIOKafkaConsumer, windows: _Windows, ends: _Positions) -> _Windows:
    """Return ``windows`` with how far behind each commit was when it was made."""
    known: dict[TopicPartition, list[Commit]] = {at: [] for at in windows if at in ends}
    for number in range(WINDOW):
        commits = {at: windows[at][number] for at in known if number < len(windows[at])}
        if not commits:
            break
        then = await _ends_at(consumer, {at: each.committed_ms for at, each in commits.items()}, ends)
        for at, each in commits.items():
            known[at].append(replace(each, lag=max(0, then[at] - each.offset)))
    return known


async def _ends_at(consumer: AIOKafkaConsumer, times: Mapping[TopicPartition, int], ends: _Positions) -> _Positions:
    """Return where partitions ended at ``times`` (ms): before the first record that is not older."""
    found = cast("Mapping[TopicPartition, object]", await consumer.offsets_for_times(dict(times)))
    return {at: getattr(found.get(at), "offset", ends[at]) for at in times}
