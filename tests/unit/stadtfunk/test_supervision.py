"""A role ends when it is told to, when a part fails, or when its parts are done."""

import asyncio

import pytest

from stadtfunk.roles.supervision import run_until


async def for_ever() -> None:
    await asyncio.Event().wait()


async def nothing() -> None:
    """Ask nobody to end."""


async def test_it_ends_when_all_parts_have_ended() -> None:
    await run_until(asyncio.Event(), nothing(), nothing(), drain=nothing)


async def test_the_failure_of_one_part_ends_the_others_and_is_raised() -> None:
    async def failing() -> None:
        raise ValueError("broken")

    with pytest.raises(ValueError, match="broken"):
        await run_until(asyncio.Event(), for_ever(), failing(), drain=nothing)


async def test_a_failure_after_another_part_has_ended_is_raised_too() -> None:
    async def failing() -> None:
        await asyncio.sleep(0.01)
        raise ValueError("broken")

    with pytest.raises(ValueError, match="broken"):
        await run_until(asyncio.Event(), nothing(), for_ever(), failing(), drain=nothing)


async def test_told_to_stop_the_parts_finish_what_they_have_in_hand() -> None:
    stop, draining, finished = asyncio.Event(), asyncio.Event(), []

    async def working() -> None:
        await draining.wait()
        finished.append(True)

    async def drain() -> None:
        draining.set()

    stop.set()
    await run_until(stop, working(), drain=drain)
    assert finished == [True]
