"""How long we wait for Kafka: every wait has its end, and they fit into each other."""

import asyncio
import contextlib
from collections.abc import Callable, Coroutine

from msgspec import Struct


class Deadlines(Struct, frozen=True):
    """Seconds; operators have no reason to change them, tests of a broken world are shorter."""

    retry_s: float = 20.0
    """A request, and the life of a batch inside aiokafka, which repeats it that long and lets it fail after at most one
    request more: nothing of it is on its way any more when ``send_s`` is over. A broker that dies has successors after
    some 13 s: 3 for a new controller, if it was that too, and the 9 of its session (``broker.session.timeout.ms``)."""
    send_s: float = 45.0
    """All batches of one call: > 2 * ``retry_s`` and back-off."""
    commit_s: float = 20.0
    """A group's coordinator dies with its broker: as long as ``retry_s``."""
    start_s: float = 30.0
    stop_s: float = 5.0
    """Closing a client, before its connections are cut; Kubernetes gives 30 s in all."""
    read_s: float = 30.0
    """Questions about positions; without any progress, while reading to a known end."""
    drain_s: float = 25.0
    """A partition's batch in hand when the partition is taken away: > ``commit_s``, < ``rebalance_s``."""
    rebalance_s: float = 40.0
    """How long the group waits for a member to give up its partitions."""

    @property
    def retry_ms(self) -> int:
        """For aiokafka."""
        return int(self.retry_s * 1_000)

    @property
    def rebalance_ms(self) -> int:
        """For aiokafka."""
        return int(self.rebalance_s * 1_000)

    @property
    def group_request_ms(self) -> int:
        """A request of a group's consumer: joining is answered only when all have given up their partitions."""
        return self.rebalance_ms + self.retry_ms


Ending = Coroutine[object, object, None]
_left_behind: set[asyncio.Task[None]] = set()
"""Kept from the garbage collector until they end by themselves."""


async def end_within(seconds: float, ending: Ending, cutting: Callable[[], Ending]) -> None:
    """Await ``ending``; after ``seconds`` cut its connections, and leave it alone after as many more.

    It is not cancelled: aiokafka leaves more behind when its ``stop`` is torn than when all it waits for fails. Errors
    are of no interest to anybody who has said good-bye.
    """
    task = _started(ending)
    done, _ = await asyncio.wait({task}, timeout=seconds)
    if not done:
        await asyncio.wait({_started(cutting())}, timeout=seconds)
        await asyncio.wait({task}, timeout=seconds)


def _started(ending: Ending) -> asyncio.Task[None]:
    task = asyncio.create_task(_quietly(ending))
    _left_behind.add(task)
    task.add_done_callback(_left_behind.discard)
    return task


async def _quietly(ending: Ending) -> None:
    with contextlib.suppress(Exception):
        await ending
