"""Several things at once, in order at the end."""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing

import pytest

from adapters.cassandra.concurrency import in_turn, together


class Sources:
    """Sources of numbers that note when they begin and end."""

    def __init__(self, *lengths: int, failing_at: tuple[int, int] = (-1, -1)) -> None:
        self._lengths = lengths
        self._failing_at = failing_at
        self.begun: list[int] = []
        self.ended: list[int] = []

    async def all(self) -> AsyncGenerator[AsyncGenerator[tuple[int, int], None], None]:
        for source in range(len(self._lengths)):
            yield self._one(source)

    async def _one(self, source: int) -> AsyncGenerator[tuple[int, int], None]:
        self.begun.append(source)
        try:
            for item in range(self._lengths[source]):
                await asyncio.sleep(0)
                if (source, item) == self._failing_at:
                    raise LookupError(source)
                yield source, item
        finally:
            self.ended.append(source)


async def taken(sources: Sources, ahead: int) -> Sequence[tuple[int, int]]:
    """Return all that comes."""
    return [item async for item in in_turn(sources.all(), ahead)]


@pytest.mark.parametrize("ahead", [1, 2, 5])
async def test_sources_come_one_after_the_other(ahead: int) -> None:
    sources = Sources(3, 0, 1, 7)
    expected = [(0, 0), (0, 1), (0, 2), (2, 0)] + [(3, item) for item in range(7)]
    assert await taken(sources, ahead) == expected


async def test_no_sources_give_nothing() -> None:
    assert await taken(Sources(), 3) == []


async def test_only_so_many_sources_work_ahead() -> None:
    sources = Sources(*[5] * 9)
    async with aclosing(in_turn(sources.all(), 3)) as items:
        await anext(items)
        await asyncio.sleep(0.01)
        assert sources.begun == [0, 1, 2]


async def test_a_source_that_nobody_takes_from_waits() -> None:
    sources = Sources(100, 3)
    async with aclosing(in_turn(sources.all(), 2)) as items:
        await anext(items)
        await asyncio.sleep(0.01)
        assert sources.ended == []


async def test_who_leaves_early_ends_all_sources() -> None:
    sources = Sources(100, 100, 100)
    async with aclosing(in_turn(sources.all(), 2)) as items:
        assert await anext(items) == (0, 0)
        await asyncio.sleep(0.01)
    assert sorted(sources.ended) == [0, 1]
    assert len(asyncio.all_tasks()) == 1


async def test_a_failure_comes_after_what_was_good_and_ends_all() -> None:
    sources = Sources(2, 5, 100, failing_at=(1, 1))
    seen: list[tuple[int, int]] = []
    with pytest.raises(LookupError):
        await _take_into(seen, sources)
    assert seen == [(0, 0), (0, 1), (1, 0)]
    assert sorted(sources.ended) == [0, 1, 2]
    assert len(asyncio.all_tasks()) == 1


async def _take_into(seen: list[tuple[int, int]], sources: Sources) -> None:
    async for item in in_turn(sources.all(), 3):
        seen.append(item)  # noqa: PERF401  what came before a failure is the point


async def test_results_come_in_the_order_of_the_work() -> None:
    async def after(turns: int) -> int:
        for _ in range(turns):
            await asyncio.sleep(0)
        return turns

    assert await together(after(turns) for turns in (3, 1, 2)) == [3, 1, 2]


async def test_the_first_failure_ends_the_rest() -> None:
    ended = []

    async def fail() -> None:
        await asyncio.sleep(0)
        raise LookupError

    async def wait() -> None:
        try:
            await asyncio.sleep(60)
        finally:
            ended.append(True)

    with pytest.raises(LookupError):
        await together([wait(), fail(), wait()])
    await asyncio.sleep(0)
    assert ended == [True, True]
