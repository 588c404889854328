"""Shards: one list in many partitions, by hash, merged by whoever reads it.

One partition for all would grow without bound, and one for each prefix of a name as unevenly as names are given: a
city's 150,000 meters may share 12 of 16 digits. Sixteen shards hold a million devices in partitions of 60,000 rows,
and a page asks all of them at once.
"""

from collections.abc import Callable, Coroutine, Sequence
from typing import TypeVar
from zlib import crc32

from adapters.cassandra.concurrency import together

SHARDS = 16
"""Part of the schema: a row is looked for where its hash put it."""

T = TypeVar("T")
Some = tuple[list[str], list[T]]
"""Names in a shard beyond a point, and those rows of them that are what is asked for."""


def shard_of(name: str) -> int:
    """Return the shard of a name, the same in every process."""
    return crc32(name.encode()) % SHARDS


async def merged(
    some: Callable[[int, str, int], Coroutine[object, object, Some[T]]],
    name_of: Callable[[T], str],
    *,
    size: int,
    after: str,
) -> Sequence[T]:
    """Return up to ``size`` rows of all shards by name, beyond ``after``.

    ``some(shard, after, most)`` gives the first ``most`` names of a shard, and the rows among them that are asked for.
    """
    found: list[T] = []
    # By chance a shard holds up to twice its share of a page; where it holds more, there is another round.
    share = min(size, 2 * size // SHARDS + 8)
    complete: str | None = after
    while complete is not None and len(found) < size:
        after = complete
        shards = await together(some(shard, after, share) for shard in range(SHARDS))
        # What a full answer left out lies beyond its last name; up to the least of these nothing is missing.
        complete = min((names[-1] for names, _ in shards if len(names) == share), default=None)
        rows = [row for _, some_rows in shards for row in some_rows]
        found += sorted((row for row in rows if complete is None or name_of(row) <= complete), key=name_of)
    return found[:size]
