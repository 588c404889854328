"""The pause between two looks ends with a stop, or with its time."""

import asyncio

import pytest

from application.stopping import stopped_within

_LONG_S = 3_600.0


async def test_a_stop_ends_the_pause_at_once() -> None:
    stop = asyncio.Event()
    pausing = asyncio.create_task(stopped_within(stop, _LONG_S))
    await asyncio.sleep(0)
    assert not pausing.done()
    stop.set()
    assert await pausing


async def test_a_stop_told_before_needs_no_pause() -> None:
    stop = asyncio.Event()
    stop.set()
    assert await stopped_within(stop, 0)


async def test_without_a_stop_the_time_ends_the_pause() -> None:
    assert not await stopped_within(asyncio.Event(), 0)


async def test_a_stop_told_while_the_time_runs_out_is_not_missed() -> None:
    stop = asyncio.Event()
    asyncio.get_running_loop().call_soon(stop.set)  # in the same turn of the loop in which the time is over
    assert await stopped_within(stop, 0)


async def test_a_pause_can_be_cancelled() -> None:
    pausing = asyncio.create_task(stopped_within(asyncio.Event(), _LONG_S))
    await asyncio.sleep(0)
    pausing.cancel()
    with pytest.raises(asyncio.CancelledError):
        await pausing
