"""What every assignment of partitions promises."""

import asyncio
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager

import pytest

from application.errors import Unavailable
from tests.contract.uplink_log import Replica, message
from tests.support.eventually import eventually, soon


class PartitionAssignmentContract:
    """Subclass with the fixtures ``open_replica`` (as for the log) and ``partitions`` (all there are; default one)."""

    @pytest.fixture
    def partitions(self) -> frozenset[int]:
        return frozenset({0})

    async def test_every_partition_is_worked_on_once(
        self, open_replica: Callable[[], AbstractAsyncContextManager[Replica]], partitions: frozenset[int]
    ) -> None:
        worked: list[int] = []

        async with open_replica() as (log, assignment):

            async def work(partition: int) -> None:
                worked.append(partition)
                async for _ in log.read(partition, 0):
                    pass

            async def seen() -> frozenset[int]:
                return frozenset(worked)

            running = asyncio.create_task(assignment.run(work))
            await eventually(seen, partitions)
            await assignment.stop()
            await soon(running)
        assert sorted(worked) == sorted(partitions)

    async def test_stop_lets_the_batch_in_hand_finish(
        self, open_replica: Callable[[], AbstractAsyncContextManager[Replica]]
    ) -> None:
        begun, go_on = asyncio.Event(), asyncio.Event()
        finished: list[int] = []

        async with open_replica() as (log, assignment):

            async def work(partition: int) -> None:
                async for batch in log.read(partition, 0):
                    begun.set()
                    await go_on.wait()
                    finished.extend(batch.offsets)

            running = asyncio.create_task(assignment.run(work))
            await log.append([message(1)])
            await soon(begun.wait())
            stopping = asyncio.create_task(assignment.stop())
            await asyncio.sleep(0)
            assert not running.done()
            go_on.set()
            await soon(stopping)
            await soon(running)
        assert finished == [0]

    async def test_run_lasts_until_stop_even_when_its_work_is_done(
        self, open_replica: Callable[[], AbstractAsyncContextManager[Replica]]
    ) -> None:
        worked = asyncio.Event()

        async with open_replica() as (_, assignment):

            async def work(_: int) -> None:
                worked.set()

            running = asyncio.create_task(assignment.run(work))
            await soon(worked.wait())
            await asyncio.sleep(0)
            assert not running.done()
            await assignment.stop()
            await soon(running)

    async def test_the_first_failure_ends_all_and_is_raised(
        self, open_replica: Callable[[], AbstractAsyncContextManager[Replica]]
    ) -> None:
        async with open_replica() as (_, assignment):

            async def work(_: int) -> None:
                raise Unavailable("the store does not answer")

            with pytest.raises(Unavailable, match="does not answer"):
                await soon(assignment.run(work))

    async def test_stopped_before_it_runs_it_does_no_work(
        self, open_replica: Callable[[], AbstractAsyncContextManager[Replica]]
    ) -> None:
        worked: list[int] = []

        async with open_replica() as (_, assignment):

            async def work(partition: int) -> None:
                worked.append(partition)

            await assignment.stop()
            await soon(assignment.run(work))
        assert worked == []

    async def test_stopping_twice_is_stopping(
        self, open_replica: Callable[[], AbstractAsyncContextManager[Replica]]
    ) -> None:
        async with open_replica() as (log, assignment):

            async def work(partition: int) -> None:
                async for _ in log.read(partition, 0):
                    pass

            running = asyncio.create_task(assignment.run(work))
            await asyncio.sleep(0)
            await assignment.stop()
            await assignment.stop()
            await soon(running)
