"""The newest records of several partitions, from the first to be shown on: in bounded memory, however many they are."""

import time
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import AsyncExitStack, aclosing
from heapq import heapify, heappop, heapreplace

from adapters.kafka.log_record import LogRecord
from adapters.kafka.partition_reader import PartitionReader

_DAY_MS = 86_400_000


async def begins_of_newest(
    reader: PartitionReader, begins: Mapping[int, int], ends: Mapping[int, int], most: int
) -> dict[int, int]:
    """Return where, in each partition, the newest ``most`` positions of all begin, by the times of their records.

    Half a minute of records or a year of them, it takes some forty questions of a few ms each.

    Raises:
        Unavailable, Refused: the topic cannot be read.
    """
    if sum(ends[each] - begins[each] for each in begins) <= most:
        return dict(begins)
    since_ms, until_ms = 0, int(time.time() * 1_000) + _DAY_MS
    first, beyond = dict(begins), dict(ends)
    while until_ms - since_ms > 1:
        middle_ms = (since_ms + until_ms) // 2
        found = {each: ends[each] if at is None else at for each, at in (await reader.since(middle_ms)).items()}
        if sum(ends[each] - found[each] for each in begins) >= most:
            since_ms, first = middle_ms, found
        else:
            until_ms, beyond = middle_ms, found
    return _without(sum(ends[each] - first[each] for each in begins) - most, first, beyond)


def _without(surplus: int, first: Mapping[int, int], beyond: Mapping[int, int]) -> dict[int, int]:
    """Return ``first`` so many positions later; what stands before ``beyond`` is of one millisecond, and all alike."""
    later = dict(first)
    for partition in later:
        step = min(surplus, max(0, beyond[partition] - first[partition]))
        later[partition] += step
        surplus -= step
    return later


async def merged(
    reader: PartitionReader, begins: Mapping[int, int], ends: Mapping[int, int]
) -> AsyncGenerator[tuple[int, LogRecord], None]:
    """Yield partitions and records by time, those of one partition as they stand there; holds a fetch of each.

    Raises:
        Unavailable, Refused: the topic cannot be read.
    """
    async with AsyncExitStack() as stack:
        heads: list[tuple[int, int, int, LogRecord, AsyncGenerator[LogRecord, None]]] = []
        for partition, begin in begins.items():
            records = await stack.enter_async_context(aclosing(_each(reader, partition, begin, ends[partition])))
            async for record in records:
                heads.append((record.timestamp, partition, record.offset, record, records))
                break
        heapify(heads)
        while heads:
            _, partition, _, record, records = heads[0]
            yield partition, record
            following = await anext(records, None)
            if following is None:
                heappop(heads)
            else:
                heapreplace(heads, (following.timestamp, partition, following.offset, following, records))


async def _each(reader: PartitionReader, partition: int, begin: int, end: int) -> AsyncGenerator[LogRecord, None]:
    async with aclosing(reader.read(partition, begin, end)) as batches:
        async for batch in batches:
            for record in batch:
                yield record


def newest_of(records: Sequence[tuple[int, LogRecord]], most: int) -> list[tuple[int, LogRecord]]:
    """Return the newest ``most`` of ``records`` (partition, record), oldest first."""
    in_order = sorted(records, key=lambda each: (each[1].timestamp, each[0], each[1].offset))
    return in_order[max(0, len(in_order) - most) :]
