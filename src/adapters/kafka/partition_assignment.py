"""Partitions as the group's coordinator gives and takes them; every failure ends ``run``.

aiokafka rebalances behind the back of those who work (Java does it inside ``poll``), so a partition that is taken away
is given up only after its work has come to an end.
"""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Iterable

from aiokafka.structs import TopicPartition

from adapters.kafka.rebalance_listener import RebalanceListener
from adapters.kafka.uplink_consumer import UplinkConsumer
from application.errors import Fenced
from application.stopping import stopped_within

_CHECK_S = 1.0
_BREAK_OFF_S = 5.0
"""What is broken off only has to let go of its waits; with the drain before it: less than the group waits for us."""


class KafkaPartitionAssignment:
    """Works on each partition from when it is given until it is taken away."""

    def __init__(self, consumer: UplinkConsumer) -> None:
        self._consumer = consumer
        self._tasks: dict[int, asyncio.Task[None]] = {}
        self._ending = asyncio.Event()
        self._failure: Exception | None = None
        self._rests: dict[int, float] = {}
        """Since when nobody works on a partition that is ours."""
        self.fenced = 0
        """How often work ended because its partition had been taken away: its new owner does it again."""
        self.broken_off = 0
        """How often work did not come to an end in time when its partition was taken away: the same."""
        self.rebalances = 0
        """How often the group said which partitions are ours, none at all included."""

    async def run(self, work: Callable[[int], Awaitable[None]]) -> None:
        if self._ending.is_set():
            return

        async def given(partitions: Collection[TopicPartition]) -> None:
            self._consumer.check_place(partitions)
            self._begin(work, sorted(each.partition for each in partitions))

        self._consumer.subscribe(RebalanceListener(given, self._taken, self._fail))
        try:
            while not await stopped_within(self._ending, _CHECK_S):
                await self._watch()
        finally:
            self._ending.set()
            try:
                await self._end(list(self._tasks))
            except RuntimeError as error:
                self._fail(error)
        if self._failure is not None:
            raise self._failure

    async def stop(self) -> None:
        self._ending.set()

    async def _watch(self) -> None:
        """Look for what aiokafka tells only those who read."""
        try:
            await self._consumer.check()
            self._check_rests()
        except Exception as error:  # noqa: BLE001  ``run`` raises it
            self._fail(error)

    def _check_rests(self) -> None:
        """Raise if a partition stays ours and nobody works on it.

        Work ends when the group has given the partition to another; it says so to us within one rebalance. If it does
        not, we would be there, look well, and do nothing.
        """
        longest_s = 2 * self._consumer.deadlines.rebalance_s
        since = asyncio.get_running_loop().time() - longest_s
        if forgotten := sorted(partition for partition, began in self._rests.items() if began < since):
            raise Fenced(
                f"the work on partitions {', '.join(map(str, forgotten))} has ended, and the group has not taken them"
                f" from us for {longest_s:.0f} s",
                partitions=",".join(map(str, forgotten)),
            )

    def _begin(self, work: Callable[[int], Awaitable[None]], partitions: Iterable[int]) -> None:
        self.rebalances += 1
        if self._ending.is_set():
            return
        for partition in partitions:
            self._consumer.own(partition)
            self._rests.pop(partition, None)
            self._tasks[partition] = asyncio.create_task(self._guarded(work, partition))

    async def _guarded(self, work: Callable[[int], Awaitable[None]], partition: int) -> None:
        try:
            await work(partition)
        except Fenced:
            self.fenced += 1
        except Exception as error:  # noqa: BLE001  ``run`` raises it
            self._fail(error)
        if not self._consumer.is_ending(partition):
            self._rests[partition] = asyncio.get_running_loop().time()

    async def _taken(self, partitions: Collection[TopicPartition]) -> None:
        await self._end([each.partition for each in partitions])

    async def _end(self, partitions: Collection[int]) -> None:
        """Let the work on ``partitions`` finish its batch; what lasts too long is broken off.

        Raises:
            RuntimeError: what was broken off goes on nevertheless.
        """
        self._consumer.end(partitions)
        tasks = {partition: self._tasks[partition] for partition in partitions if partition in self._tasks}
        try:
            if tasks:
                _, late = await asyncio.wait(tasks.values(), timeout=self._consumer.deadlines.drain_s)
                await self._break_off(late)
        finally:
            for partition in tasks:
                self._tasks.pop(partition, None)
                self._rests.pop(partition, None)
                self._consumer.disown(partition)

    async def _break_off(self, late: Collection[asyncio.Task[None]]) -> None:
        for task in late:
            task.cancel()
        if late:
            self.broken_off += len(late)
            _, stuck = await asyncio.wait(late, timeout=_BREAK_OFF_S)
            if stuck:
                raise RuntimeError(f"the work on {len(stuck)} partitions does not end, though it was broken off")

    def _fail(self, error: Exception) -> None:
        if self._failure is None:
            self._failure = error
        self._ending.set()
