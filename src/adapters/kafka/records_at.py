"""Records at known places of a topic: read without what lies between them, where that is much."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import aclosing

from adapters.kafka.log_record import LogRecord
from adapters.kafka.partition_reader import PartitionReader
from application.ports.uplink_log import Place

_NEAR = 500
"""Records that are rather read along than jumped over: some 500 kB, half of what a fetch brings anyway."""


async def records_at(reader: PartitionReader, places: Collection[Place]) -> Mapping[Place, LogRecord]:
    """Return the records at ``places``; without those that retention has taken away, or that were never there.

    Raises:
        Unavailable: the topic cannot be read now.
    """
    found: dict[Place, LogRecord] = {}
    wanted = frozenset(places)
    if not wanted:
        return found
    begins, ends = await reader.begins(), await reader.ends()
    for partition in sorted({partition for partition, _ in wanted} & begins.keys()):
        begin, end = begins[partition], ends[partition]
        offsets = sorted(offset for at, offset in wanted if at == partition and begin <= offset < end)
        for first, last in _runs(offsets):
            async with aclosing(reader.read(partition, first, last + 1)) as batches:
                async for records in batches:
                    for record in records:
                        if (partition, record.offset) in wanted:
                            found[partition, record.offset] = record
    return found


def _runs(offsets: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Yield first and last offset of each run of ``offsets``, which grow, without a large gap."""
    start = 0
    for index in range(1, len(offsets) + 1):
        if index == len(offsets) or offsets[index] - offsets[index - 1] > _NEAR:
            yield offsets[start], offsets[index - 1]
            start = index
