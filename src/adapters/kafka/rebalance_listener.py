"""Hears from aiokafka which partitions the group gives us and takes away, and loses no error on the way.

aiokafka logs what a listener raises and goes on: a partition whose restore failed would be processed nevertheless.
"""

from collections.abc import Awaitable, Callable, Collection

from aiokafka.abc import ConsumerRebalanceListener
from aiokafka.structs import TopicPartition

Hear = Callable[[Collection[TopicPartition]], Awaitable[None]]


class RebalanceListener(ConsumerRebalanceListener):  # type: ignore[misc]  # aiokafka has no types
    """Calls ``given`` and ``taken``, and ``failed`` with whatever they raise."""

    def __init__(self, given: Hear, taken: Hear, failed: Callable[[Exception], None]) -> None:
        self._given = given
        self._taken = taken
        self._failed = failed

    async def on_partitions_revoked(self, revoked: Collection[TopicPartition]) -> None:
        await self._guarded(self._taken, revoked)

    async def on_partitions_assigned(self, assigned: Collection[TopicPartition]) -> None:
        await self._guarded(self._given, assigned)

    async def _guarded(self, hear: Hear, partitions: Collection[TopicPartition]) -> None:
        try:
            await hear(partitions)
        except Exception as error:  # noqa: BLE001  whatever it is, it must be told
            self._failed(error)
