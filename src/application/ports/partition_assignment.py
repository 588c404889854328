"""Which partitions of the uplink log are ours to process."""

from collections.abc import Awaitable, Callable
from typing import Protocol


class PartitionAssignment(Protocol):
    """Embedded: partition 0, always. Kafka: what the group's coordinator says.

    Promises: tests/contract/partition_assignment.py.
    """

    async def run(self, work: Callable[[int], Awaitable[None]]) -> None:
        """Do ``work(partition)`` for each partition while it is ours; return after ``stop``.

        When a partition is taken away its log ends (``UplinkLog.read``), and its work is awaited before the partition
        is given up, up to a deadline. The first failure of any work ends all and is raised.
        """

    async def stop(self) -> None:
        """Let running work finish its batch and end; ``run`` returns then."""
