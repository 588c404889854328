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

_CHECK_S = 1.0


class KafkaPartitionAssignment:
    """Works on each partition from when it is given until it is taken away."""

    def __init__(self, consumer: UplinkConsumer) -> None:
        self._consumer = consumer
        self._tasks: dict[int, asyncio.Task[None]] = {}
        self._ending = asyncio.Event()
        self._failure: Exception | None = None
        self.fenced = 0
        """How often work ended because its partition had been taken away: its new owner does it again."""
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
            while not self._ending.is_set():
                await self._watch()
        finally:
            self._ending.set()
            await self._end(list(self._tasks))
        if self._failure is not None:
            raise self._failure

    async def stop(self) -> None:
        self._ending.set()

    async def _watch(self) -> None:
        """Wait a while, then look for what aiokafka tells only those who read."""
        try:
            async with asyncio.timeout(_CHECK_S):
                await self._ending.wait()
        except TimeoutError:
            try:
                await self._consumer.check()
            except Exception as error:  # noqa: BLE001  ``run`` raises it
                self._fail(error)

    def _begin(self, work: Callable[[int], Awaitable[None]], partitions: Iterable[int]) -> None:
        self.rebalances += 1
        if self._ending.is_set():
            return
        for partition in partitions:
            self._consumer.own(partition)
            self._tasks[partition] = asyncio.create_task(self._guarded(work, partition))

    async def _guarded(self, work: Callable[[int], Awaitable[None]], partition: int) -> None:
        try:
            await work(partition)
        except Fenced:
            self.fenced += 1
        except Exception as error:  # noqa: BLE001  ``run`` raises it
            self._fail(error)

    async def _taken(self, partitions: Collection[TopicPartition]) -> None:
        await self._end([each.partition for each in partitions])

    async def _end(self, partitions: Collection[int]) -> None:
        """Let the work on ``partitions`` finish its batch; what lasts too long is broken off."""
        self._consumer.end(partitions)
        tasks = {partition: self._tasks[partition] for partition in partitions if partition in self._tasks}
        if tasks:
            _, late = await asyncio.wait(tasks.values(), timeout=self._consumer.deadlines.drain_s)
            for task in late:
                task.cancel()
            if late:
                await asyncio.wait(late)
        for partition in tasks:
            self._tasks.pop(partition, None)
            self._consumer.disown(partition)

    def _fail(self, error: Exception) -> None:
        if self._failure is None:
            self._failure = error
        self._ending.set()
