"""What every role of the distributed platform says between its start and its end."""

import asyncio
from contextlib import AsyncExitStack

import pytest
from msgspec.structs import replace

from application.errors import Unavailable
from application.stage_counts import StageCounts
from stadtfunk.container.distributed import Distributed
from stadtfunk.roles.distributed import Running, run_role
from stadtfunk.roles.supervision import Part
from stadtfunk.settings import LogSettings, Settings
from tests.support.eventually import until

_OFTEN = replace(Settings(), log=LogSettings(every_s=0.001))


async def run(stages: dict[str, StageCounts], part: Part) -> None:
    """Run a role with ``stages`` until ``part`` ends."""

    async def nothing() -> None:
        """Ask nobody to end."""

    async def start(_: Distributed, __: AsyncExitStack) -> Running:
        return Running(stages, [part], nothing)

    await run_role(_OFTEN, "role", Distributed, start)


async def test_a_role_without_stages_has_nothing_to_report(caplog: pytest.LogCaptureFixture) -> None:
    await run({}, asyncio.sleep(0.01))
    assert caplog.messages == ["role: started", "role: ended"]


async def test_a_role_reports_its_stages_until_it_fails_and_then_once_more(caplog: pytest.LogCaptureFixture) -> None:
    counts = StageCounts()

    async def failing() -> None:
        await until(lambda: len(caplog.messages) > 2)
        counts.came_in = 7
        raise ValueError("enough")

    with pytest.raises(ValueError, match="enough"):
        await run({"stage": counts}, failing())
    assert caplog.messages[1].startswith("stage: in 0 = ")
    assert caplog.messages[-1].startswith("stage: in 7 = ")


async def test_what_fails_as_a_role_is_closed_does_not_become_its_exit_code() -> None:
    async def closing(*_: object) -> None:
        raise Unavailable("the connection is gone")

    async def failing() -> None:
        raise ValueError("a bug")

    async def nothing() -> None:
        """Ask nobody to end."""

    async def start(_: Distributed, stack: AsyncExitStack) -> Running:
        stack.push_async_exit(closing)
        return Running({}, [failing()], nothing)

    with pytest.raises(ValueError, match="a bug"):
        await run_role(_OFTEN, "role", Distributed, start)
