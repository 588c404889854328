"""Segments of a bucket read as one: of each reading the one that stays, observation by observation, oldest first."""

from collections.abc import AsyncGenerator, Iterable, Sequence
from typing import cast

from adapters.cassandra.concurrency import together
from adapters.cassandra.segments import Part, unpacked

Observed = tuple[int, str, dict[str, bytes]]
"""Event time (ns), DevEUI, cells by name."""
Pages = AsyncGenerator[Sequence[tuple[object, ...]], None]
"""Of the segments of a shard: event time (ns) of the first observation, body; in that order."""
_CHUNK = 1_000
_LEAST_NS = -(1 << 63)
"""Of a bigint."""


class Merge:
    """Observations of which more may come, with the cells that stay so far."""

    def __init__(self, since_ns: int, until_ns: int) -> None:
        """Take the first instant that is asked for, and the one behind the last."""
        self._span = since_ns, until_ns
        self._held: dict[tuple[int, str], dict[str, tuple[int, bytes]]] = {}

    def add(self, parts: Iterable[Part]) -> None:
        """Take observations; of two cells of one name the later written stays, of equal ones the greater bytes."""
        since_ns, until_ns = self._span
        for part in parts:
            if not since_ns <= part.event_ns < until_ns:
                continue
            cells = self._held.setdefault((part.event_ns, part.device), {})
            origin = b"," + bytes(part.origin)[1:]
            written_us = int(origin[1 : origin.index(b",", 1)])
            for name, head in part.cells:
                cell = written_us, bytes(head)[:-1] + origin
                if name not in cells or cells[name] < cell:
                    cells[name] = cell

    def before(self, event_ns: int | None) -> list[Observed]:
        """Take out what was observed before an instant, oldest first, then by DevEUI; None: all."""
        places = sorted(each for each in self._held if event_ns is None or each[0] < event_ns)
        return [(*each, {name: cell for name, (_, cell) in self._held.pop(each).items()}) for each in places]


class _Shard:
    """How far the segments of a shard were read."""

    def __init__(self, pages: Pages) -> None:
        self._pages = pages
        self.is_over = False
        self.first_ns = _LEAST_NS  # a page may be empty, and others follow
        """Of the last segment: all that may still come is not before that."""

    async def read(self, into: Merge) -> None:
        """Read on, a page."""
        page = await anext(self._pages, None)
        self.is_over = page is None
        for first_ns, body in cast("Sequence[tuple[int, bytes]]", page or ()):
            self.first_ns = first_ns
            into.add(unpacked(body))


async def merged(pages: Sequence[Pages], since_ns: int, until_ns: int) -> AsyncGenerator[list[Observed], None]:
    """Yield the observations of all shards of a bucket, as soon as no other segment can change them.

    Written as they were observed, segments are short and little is held; of a backlog up to the whole bucket is.

    Raises:
        Unavailable, WrongShape: a segment cannot be had, or not be read.
    """
    merge, shards = Merge(since_ns, until_ns), [_Shard(each) for each in pages]
    try:
        while open_ := [shard for shard in shards if not shard.is_over]:
            await together(shard.read(merge) for shard in open_)
            complete = merge.before(min((shard.first_ns for shard in shards if not shard.is_over), default=None))
            for first in range(0, len(complete), _CHUNK):
                yield complete[first : first + _CHUNK]
    finally:
        for each in pages:
            await each.aclose()
