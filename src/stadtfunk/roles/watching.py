"""Looking, again and again, whether the topics are still as they must be.

A consumer whose topic was deleted reads nothing and says nothing: aiokafka waits for the topic for ever.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable

from application.errors import Unavailable, WrongShape
from application.stopping import stopped_within

_log = logging.getLogger(__name__)

EVERY_S = 10.0
"""One question about all topics, 5 ms of our time."""
_BLIND_S = 600.0
"""Without an answer: who has nothing in hand meets no deadline of its own, and would wait for its servers for ever."""
_MOST_DIFFERENCES = 2
"""Looks in a row that find a difference: a broker that has just started may not know all topics yet."""


async def watch(
    check: Callable[[], Awaitable[None]], stop: asyncio.Event, every_s: float = EVERY_S, blind_s: float = _BLIND_S
) -> None:
    """Look every ``every_s`` seconds until ``stop``.

    Raises:
        WrongShape: what ``check`` raises twice in a row.
        Unavailable: what it raises for longer than ``blind_s``.
    """
    loop = asyncio.get_running_loop()
    differences, answered_s = 0, loop.time()
    while not await stopped_within(stop, every_s):
        try:
            await check()
        except Unavailable as error:
            if loop.time() - answered_s > blind_s:
                raise
            _log.warning("the topics cannot be looked at: %s", error)  # whoever works with them has deadlines for it
            continue
        except WrongShape:
            differences += 1
            if differences >= _MOST_DIFFERENCES:
                raise
        else:
            differences = 0
        answered_s = loop.time()
