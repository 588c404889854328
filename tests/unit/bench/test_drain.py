"""Waiting for the end of a run."""

import asyncio

import pytest

from bench.drain import until


async def test_it_ends_when_all_has_come_through() -> None:
    counts = iter([1, 2, 3])

    assert await until(lambda: next(counts), 3, []) == 0.0


async def test_it_gives_up_when_nothing_moves_and_says_how_long_that_was() -> None:
    assert await until(lambda: 2, 3, [], quiet_s=0.01) > 0.01


async def test_it_waits_while_the_input_is_not_over() -> None:
    looks = iter([False] * 5 + [True] * 100)
    counts = iter([1] * 4 + [2] * 100)

    assert await until(lambda: next(counts), 2, [], over=lambda: next(looks), quiet_s=0.0) == 0.0


async def test_the_failure_of_a_part_is_raised() -> None:
    async def failing() -> None:
        raise LookupError

    with pytest.raises(LookupError):
        await until(lambda: 1, 2, [asyncio.create_task(failing())])
