"""How long we wait for Kafka: every wait has its end, and they fit into each other."""

import asyncio
import contextlib
from collections.abc import Coroutine

REQUEST_MS = 10_000
"""One request, and the life of a batch in aiokafka: it is retried until then, and fails after at most another request,
so that at ``SEND_S`` nothing of it is still on its way."""
SEND_S = 30.0
"""All batches of one call: > 2 × 10 s of requests + back-off."""
COMMIT_S = 10.0
START_S = 30.0
STOP_S = 5.0
"""Closing a client; what has not ended then is left to the end of the process (Kubernetes gives 30 s in all)."""
READ_S = 30.0
"""Without any progress while reading to a known end."""
DRAIN_S = 15.0
"""A partition's batch in hand, when the partition is taken away: > ``COMMIT_S``, < ``REBALANCE_MS``."""
REBALANCE_MS = 30_000
"""How long the group waits for a member to give up its partitions."""
GROUP_REQUEST_MS = 40_000
"""Of a group's consumer: a join is answered only after ``REBALANCE_MS`` at worst."""

_left_behind: set[asyncio.Task[None]] = set()


async def end_within(ending: Coroutine[object, object, None], seconds: float) -> bool:
    """Await ``ending`` for at most ``seconds``; say whether it ended.

    It is not cancelled: aiokafka leaves more behind when its ``stop`` is torn than when it is slow. Its errors are of
    no interest to anybody who has said good-bye.
    """
    task = asyncio.create_task(_quietly(ending))
    _left_behind.add(task)
    task.add_done_callback(_left_behind.discard)
    done, _ = await asyncio.wait({task}, timeout=seconds)
    return bool(done)


async def _quietly(ending: Coroutine[object, object, None]) -> None:
    with contextlib.suppress(Exception):
        await ending
