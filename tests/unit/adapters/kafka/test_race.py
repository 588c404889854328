"""Waits that end before what they wait for."""

import asyncio

import pytest

from adapters.kafka.race import at_once, beside, unless


async def an_answer() -> int:
    """Answer, after a moment."""
    await asyncio.sleep(0)
    return 7


async def nothing() -> int:
    """Wait for ever."""
    await asyncio.Event().wait()
    return 0


def never() -> "asyncio.Future[None]":
    """Return an end that does not come."""
    return asyncio.get_running_loop().create_future()


async def test_what_comes_first_is_returned() -> None:
    assert await unless(never(), an_answer()) == 7


async def test_the_end_breaks_the_wait_off() -> None:
    broken_off = asyncio.Event()

    async def waiting() -> int:
        try:
            return await nothing()
        finally:
            broken_off.set()

    ended = never()
    asyncio.get_running_loop().call_soon(ended.set_result, None)
    assert await unless(ended, waiting()) is None
    await broken_off.wait()


async def test_an_error_of_the_wait_comes_out() -> None:
    async def failing() -> int:
        raise ValueError("no answer")

    with pytest.raises(ValueError, match="no answer"):
        await unless(never(), failing())


async def test_after_the_end_an_error_is_of_no_interest() -> None:
    async def failing() -> int:
        raise ValueError("no answer")

    ended = never()
    ended.set_result(None)
    assert await unless(ended, failing()) is None
    await asyncio.sleep(0)


async def test_whoever_is_cancelled_leaves_nothing_behind() -> None:
    waiting = asyncio.ensure_future(unless(never(), nothing()))
    await asyncio.sleep(0)
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    await asyncio.sleep(0)
    assert asyncio.all_tasks() == {asyncio.current_task()}


async def test_an_answer_that_is_there_is_returned_at_once() -> None:
    async def known() -> int:
        return 7

    assert at_once(known()) == 7


async def test_an_answer_that_takes_a_wait_is_broken_off() -> None:
    broken_off: list[bool] = []

    async def waiting() -> int:
        try:
            return await nothing()
        finally:
            broken_off.append(True)

    assert at_once(waiting()) is None
    assert broken_off == [True]


async def test_an_error_that_is_there_comes_out_at_once() -> None:
    async def failing() -> int:
        raise ValueError("no answer")

    with pytest.raises(ValueError, match="no answer"):
        at_once(failing())


async def test_what_is_done_beside_a_wait_has_ended_with_it() -> None:
    done: list[bool] = []

    async def longer() -> None:
        for _ in range(3):
            await asyncio.sleep(0)
        done.append(True)

    assert await beside(longer(), an_answer()) == 7
    assert done == [True]


async def test_an_error_beside_a_wait_comes_out_after_it() -> None:
    async def failing() -> None:
        raise ValueError("not done")

    with pytest.raises(ValueError, match="not done"):
        await beside(failing(), an_answer())


async def test_a_wait_that_fails_breaks_off_what_is_done_beside_it() -> None:
    async def failing() -> int:
        await asyncio.sleep(0)
        raise ValueError("no answer")

    with pytest.raises(ValueError, match="no answer"):
        await beside(nothing(), failing())
    await asyncio.sleep(0)
    assert asyncio.all_tasks() == {asyncio.current_task()}
