"""A role ends when it is told to, when a part fails, or when its parts are done."""

import asyncio
import subprocess
import sys
from typing import cast

import pytest

from application.stage_counts import StageCounts
from stadtfunk.exit_codes import UNAVAILABLE
from stadtfunk.roles.supervision import run_until, unless_stopped
from tests.support.eventually import soon


async def for_ever() -> None:
    await asyncio.Event().wait()


async def some_turns() -> None:
    for _ in range(20):
        await asyncio.sleep(0)


async def nothing() -> None:
    """Ask nobody to end."""


async def test_it_ends_when_all_parts_have_ended() -> None:
    await run_until(asyncio.Event(), nothing(), nothing(), drain=nothing)


async def test_the_failure_of_one_part_ends_the_others_and_is_raised() -> None:
    async def failing() -> None:
        raise ValueError("broken")

    with pytest.raises(ValueError, match="broken"):
        await run_until(asyncio.Event(), for_ever(), failing(), drain=nothing, drain_s=0)


async def test_a_failure_after_another_part_has_ended_is_raised_too() -> None:
    async def failing() -> None:
        await asyncio.sleep(0.01)
        raise ValueError("broken")

    with pytest.raises(ValueError, match="broken"):
        await run_until(asyncio.Event(), nothing(), for_ever(), failing(), drain=nothing, drain_s=0)


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


async def test_a_failure_lets_the_others_finish_what_they_have_in_hand() -> None:
    draining, finished = asyncio.Event(), []

    async def working() -> None:
        await draining.wait()
        await some_turns()
        finished.append(True)

    async def failing() -> None:
        raise ValueError("broken")

    async def drain() -> None:
        draining.set()

    with pytest.raises(ValueError, match="broken"):
        await run_until(asyncio.Event(), working(), failing(), drain=drain)
    assert finished == [True]


async def test_what_waits_for_the_signal_ends_after_a_failure_too() -> None:
    stop = asyncio.Event()

    async def reporting() -> None:
        await stop.wait()

    async def failing() -> None:
        raise ValueError("broken")

    with pytest.raises(ValueError, match="broken"):
        await run_until(stop, reporting(), failing(), drain=nothing)


async def test_a_part_whose_library_breaks_it_off_has_failed() -> None:
    async def waiting() -> None:
        answer = asyncio.get_running_loop().create_future()
        answer.cancel()
        await answer

    with pytest.raises(RuntimeError, match="was broken off, and nobody had told it to"):
        await run_until(asyncio.Event(), for_ever(), waiting(), drain=nothing, drain_s=0)
    with pytest.raises(RuntimeError, match="was broken off, and nobody had told it to"):
        await run_until(asyncio.Event(), for_ever(), drain=nothing, drain_s=0, lasting=[waiting()])


async def test_a_part_whose_own_task_a_library_breaks_off_has_failed() -> None:
    async def waiting() -> None:
        task = asyncio.current_task()
        assert task is not None
        task.cancel()
        await for_ever()

    with pytest.raises(RuntimeError, match="was broken off, and nobody had told it to"):
        await soon(run_until(asyncio.Event(), for_ever(), waiting(), drain=nothing, drain_s=0))


async def test_a_start_that_a_library_breaks_off_has_failed() -> None:
    async def starting() -> None:
        raise asyncio.CancelledError

    with pytest.raises(RuntimeError, match="starting was broken off, and nobody had told it to"):
        await unless_stopped(asyncio.Event(), starting())


async def test_a_start_is_broken_off_as_soon_as_it_is_told_to_stop() -> None:
    stop = asyncio.Event()
    asyncio.get_running_loop().call_soon(stop.set)
    await soon(unless_stopped(stop, for_ever()))


async def test_it_ends_though_draining_does_not() -> None:
    stop = asyncio.Event()
    stop.set()
    await run_until(stop, for_ever(), drain=for_ever, drain_s=0)


async def test_of_two_failures_the_first_in_time_is_raised_and_the_other_is_told(
    caplog: pytest.LogCaptureFixture,
) -> None:
    draining = asyncio.Event()

    async def failing_for_it() -> None:
        await draining.wait()
        raise ValueError("cannot go on")

    async def failing() -> None:
        raise ValueError("the cause")

    async def drain() -> None:
        draining.set()

    with pytest.raises(ValueError, match="the cause"):
        await run_until(asyncio.Event(), failing_for_it(), failing(), drain=drain)
    assert caplog.messages == ["cannot go on"]


async def test_a_drain_that_fails_does_not_hide_what_it_was_called_for() -> None:
    async def failing() -> None:
        raise ValueError("the cause")

    async def drain() -> None:
        raise ValueError("nobody listens")

    with pytest.raises(ValueError, match="the cause"):
        await run_until(asyncio.Event(), failing(), drain=drain)


async def test_a_part_that_fails_while_it_ends_leaves_the_others_their_time() -> None:
    stop, finished = asyncio.Event(), []

    async def failing() -> None:
        await stop.wait()
        raise ValueError("broken")

    async def working() -> None:
        await stop.wait()
        await some_turns()
        finished.append(True)

    stop.set()
    with pytest.raises(ValueError, match="broken"):
        await run_until(stop, failing(), working(), drain=nothing)
    assert finished == [True]


async def test_a_part_that_must_last_has_failed_when_it_ends() -> None:
    with pytest.raises(RuntimeError, match="nothing has ended, and nobody had told it to"):
        await run_until(asyncio.Event(), for_ever(), lasting=[nothing()], drain=nothing, drain_s=0)


async def test_told_to_stop_a_part_that_must_last_may_end() -> None:
    stop = asyncio.Event()
    asyncio.get_running_loop().call_later(0.01, stop.set)

    async def lasting() -> None:
        await stop.wait()

    await run_until(stop, lasting=[lasting()], drain=nothing)


async def test_what_a_callback_of_ours_raises_ends_all_and_is_raised() -> None:
    asyncio.get_running_loop().call_soon(StageCounts().ignore, cast("str", []))  # a reason that cannot be counted
    with pytest.raises(TypeError, match="unhashable"):
        await run_until(asyncio.Event(), for_ever(), drain=nothing, drain_s=0)


async def test_what_a_callback_of_a_library_raises_is_its_own_affair(caplog: pytest.LogCaptureFixture) -> None:
    stop = asyncio.Event()
    asyncio.get_running_loop().call_soon(int, "none")
    asyncio.get_running_loop().call_later(0.01, stop.set)
    await run_until(stop, for_ever(), drain=nothing, drain_s=0)
    assert "invalid literal" in caplog.text


async def test_a_part_that_does_not_let_go_keeps_nobody_from_ending(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("stadtfunk.roles.supervision._LET_GO_S", 0.05)
    lets_go = asyncio.Event()

    async def hanging() -> None:
        try:
            await for_ever()
        finally:
            await lets_go.wait()

    async def failing() -> None:
        await some_turns()
        raise ValueError("broken")

    with pytest.raises(ValueError, match="broken"):
        await soon(run_until(asyncio.Event(), hanging(), failing(), drain=nothing, drain_s=0), deadline_s=10.0)
    lets_go.set()
    await some_turns()


_WITH_A_THREAD_THAT_HANGS = """
import asyncio, time
from application.errors import Unavailable
from stadtfunk.roles import supervision

supervision._AT_LAST_S = 0.2

async def work():
    asyncio.get_running_loop().run_in_executor(None, time.sleep, 600)
    raise Unavailable("the share is away")

supervision.run_to_its_end(work())
"""


def test_after_a_failure_the_process_ends_though_a_thread_of_it_hangs() -> None:
    ended = subprocess.run(
        [sys.executable, "-c", _WITH_A_THREAD_THAT_HANGS], capture_output=True, text=True, timeout=60, check=False
    )
    assert (ended.returncode, "the share is away" in ended.stderr) == (UNAVAILABLE, True)
