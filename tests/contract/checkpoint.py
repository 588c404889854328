"""What every checkpoint promises: after a kill at any line, no result is lost and none is there twice."""

from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from itertools import pairwise
from typing import Protocol

import pytest

from application.ports.checkpoint import Checkpoint, Restored
from domain.device import DeviceMemory
from tests.contract.stream import STEP, Logged, Results, a_stream, batch_of, expected


class Killed(Exception):
    """Stands for the end of the process; no adapter knows it, so none can hold it back."""


def _nothing(_: str) -> None:
    """Pass a crash point."""


class OpenCheckpoint(Protocol):
    """The fixture ``open_checkpoint``."""

    async def __call__(self, at: Callable[[str], None] = _nothing) -> Checkpoint:
        """Open a checkpoint over the storage of this test, in the place of the one before.

        The one before is left as a kill would leave it: not closed, not flushed. ``at`` is told each crash point.
        """


async def process(
    checkpoint: Checkpoint, stream: Sequence[Logged], partition: int = 0, *, size: int = 7, until: int | None = None
) -> dict[str, DeviceMemory]:
    """Do what the use case does with ``stream`` as its log, from where ``checkpoint`` left off; return the memory."""
    restored = await checkpoint.restore(partition)
    memory = restored.memory
    end = len(stream) if until is None else until
    for start in range(restored.offset, end, size):
        batch = batch_of(stream, start, min(start + size, end), partition)
        outcome = STEP.process(batch, memory)
        checkpoint.take(partition, outcome)
        await checkpoint.commit(partition, batch.offsets[-1] + 1)
    return dict(memory)


async def in_parts(checkpoint: Checkpoint, stream: Sequence[Logged], partition: int, bounds: Sequence[int]) -> None:
    """Do as ``process`` with ``stream`` up to the last of ``bounds`` as one batch, whose parts end at ``bounds``."""
    restored = await checkpoint.restore(partition)
    memory = restored.memory
    for start, end in pairwise((restored.offset, *bounds)):
        outcome = STEP.process(batch_of(stream, start, end, partition), memory)
        checkpoint.take(partition, outcome)
    await checkpoint.commit(partition, bounds[-1])


def replayed(restored: Restored, stream: Sequence[Logged], partition: int, until: int) -> dict[str, DeviceMemory]:
    """Return the restored memory after what the log still holds for it; results of the replay must not be new."""
    batch = batch_of(stream, restored.offset, until, partition)
    memory = dict(restored.memory)
    memory.update(STEP.process(batch, memory).memory)
    return memory


class CheckpointContract:
    """Subclass with the fixtures ``open_checkpoint``, ``results`` and, if need be, ``partition`` and ``log_holds``.

    The storage is empty at first. ``results`` reads what is stored; ``log_holds(n)`` sees to it that the uplink log
    has positions up to ``n``, where a checkpoint compares itself with it.
    """

    crash_points: tuple[str, ...] = ()
    """Every name the adapter gives to ``at``."""

    @pytest.fixture
    def partition(self) -> int:
        return 0

    @pytest.fixture
    def log_holds(self) -> Callable[[int], Awaitable[None]]:
        async def nothing_to_do(_: int) -> None:
            """A checkpoint without a log of its own compares nothing."""

        return nothing_to_do

    async def test_a_partition_never_worked_on_starts_empty_at_its_beginning(
        self, open_checkpoint: OpenCheckpoint, partition: int
    ) -> None:
        restored = await (await open_checkpoint()).restore(partition)
        assert restored.memory == {}
        assert restored.offset == 0

    async def test_results_are_what_one_computation_gives(
        self,
        open_checkpoint: OpenCheckpoint,
        results: Callable[[], Awaitable[Results]],
        log_holds: Callable[[int], Awaitable[None]],
        partition: int,
    ) -> None:
        stream = a_stream(300)
        await log_holds(300)
        memory = await process(await open_checkpoint(), stream, partition)
        wanted, wanted_memory = expected(stream, partition)
        assert memory == wanted_memory
        assert await results() == wanted

    async def test_every_field_of_the_memory_survives(
        self,
        open_checkpoint: OpenCheckpoint,
        log_holds: Callable[[int], Awaitable[None]],
        partition: int,
    ) -> None:
        stream = a_stream(300, seed=2)
        await log_holds(300)
        await process(await open_checkpoint(), stream, partition)
        restored = await (await open_checkpoint()).restore(partition)
        assert restored.offset <= 300
        assert replayed(restored, stream, partition, 300) == expected(stream, partition)[1]

    async def test_a_memory_is_never_ahead_of_the_position_it_is_replayed_from(
        self,
        open_checkpoint: OpenCheckpoint,
        log_holds: Callable[[int], Awaitable[None]],
        partition: int,
    ) -> None:
        stream = a_stream(100, seed=3)
        await log_holds(100)
        await process(await open_checkpoint(), stream, partition, until=50)
        restored = await (await open_checkpoint()).restore(partition)
        assert all(memory.offset < 50 for memory in restored.memory.values())

    async def test_work_goes_on_where_it_ended(
        self,
        open_checkpoint: OpenCheckpoint,
        results: Callable[[], Awaitable[Results]],
        log_holds: Callable[[int], Awaitable[None]],
        partition: int,
    ) -> None:
        stream = a_stream(200, seed=4)
        await log_holds(200)
        for end in (1, 60, 61, 200):
            await process(await open_checkpoint(), stream, partition, until=end)
            assert await results() == expected(stream[:end], partition)[0]

    async def test_a_batch_without_results_moves_the_position(
        self,
        open_checkpoint: OpenCheckpoint,
        log_holds: Callable[[int], Awaitable[None]],
        partition: int,
    ) -> None:
        await log_holds(10)
        checkpoint = await open_checkpoint()
        await checkpoint.restore(partition)
        await checkpoint.commit(partition, 4)
        await checkpoint.commit(partition, 10)
        assert (await (await open_checkpoint()).restore(partition)).offset == 10

    async def test_a_batch_may_be_handed_over_in_parts(
        self,
        open_checkpoint: OpenCheckpoint,
        results: Callable[[], Awaitable[Results]],
        log_holds: Callable[[int], Awaitable[None]],
        partition: int,
    ) -> None:
        stream = a_stream(200, seed=8)
        await log_holds(200)
        await in_parts(await open_checkpoint(), stream, partition, (30, 45, 100))
        await in_parts(await open_checkpoint(), stream, partition, (101, 200))
        assert await results() == expected(stream, partition)[0]
        restored = await (await open_checkpoint()).restore(partition)
        assert replayed(restored, stream, partition, 200) == expected(stream, partition)[1]

    async def test_parts_without_a_commit_leave_no_trace(
        self,
        open_checkpoint: OpenCheckpoint,
        results: Callable[[], Awaitable[Results]],
        log_holds: Callable[[int], Awaitable[None]],
        partition: int,
    ) -> None:
        stream = a_stream(100, seed=9)
        await log_holds(100)
        checkpoint = await open_checkpoint()
        await process(checkpoint, stream, partition, until=20)
        checkpoint.take(partition, STEP.process(batch_of(stream, 20, 70, partition), {}))
        assert await results() == expected(stream[:20], partition)[0]
        await process(checkpoint, stream, partition)
        assert await results() == expected(stream, partition)[0]

    async def test_restoring_twice_gives_the_same(
        self,
        open_checkpoint: OpenCheckpoint,
        log_holds: Callable[[int], Awaitable[None]],
        partition: int,
    ) -> None:
        stream = a_stream(100, seed=5)
        await log_holds(100)
        await process(await open_checkpoint(), stream, partition)
        first = await (await open_checkpoint()).restore(partition)
        second = await (await open_checkpoint()).restore(partition)
        assert (first.memory, first.offset) == (second.memory, second.offset)

    async def test_a_kill_at_any_point_changes_no_result(
        self,
        open_checkpoint: OpenCheckpoint,
        results: Callable[[], Awaitable[Results]],
        log_holds: Callable[[int], Awaitable[None]],
        partition: int,
    ) -> None:
        stream = a_stream(400, seed=6)
        await log_holds(400)
        passed: set[str] = set()
        for point in 3 * self.crash_points:
            with suppress(Killed):
                await process(await open_checkpoint(_killing(point, 2, passed)), stream, partition, size=11)
        memory = await process(await open_checkpoint(), stream, partition)
        wanted, wanted_memory = expected(stream, partition)
        assert memory == wanted_memory
        assert await results() == wanted
        assert passed == set(self.crash_points)

    async def test_a_commit_that_failed_can_be_given_again_after_a_restart(
        self,
        open_checkpoint: OpenCheckpoint,
        results: Callable[[], Awaitable[Results]],
        log_holds: Callable[[int], Awaitable[None]],
        partition: int,
    ) -> None:
        stream = a_stream(60, seed=7)
        await log_holds(60)
        for point in self.crash_points:
            with suppress(Killed):
                await process(await open_checkpoint(_killing(point, 0, set())), stream, partition, size=60)
        await process(await open_checkpoint(), stream, partition, size=60)
        assert await results() == expected(stream, partition)[0]


def _killing(point: str, after: int, passed: set[str]) -> Callable[[str], None]:
    """Return a hook that kills when ``point`` was passed ``after`` times, and notes that it was reached."""
    left = [after]

    def at(name: str) -> None:
        if name == point:
            passed.add(name)
            left[0] -= 1
            if left[0] < 0:
                raise Killed(name)

    return at
