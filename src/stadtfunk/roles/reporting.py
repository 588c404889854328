"""What a role says while it works and when it ends."""

import asyncio
import logging
from collections.abc import Callable

from application.stopping import stopped_within

_log = logging.getLogger("stadtfunk")


async def report(stop: asyncio.Event, every_s: float, line: Callable[[], str]) -> None:
    """Write ``line`` every ``every_s`` seconds until ``stop``."""
    while not await stopped_within(stop, every_s):
        say(line())


def say(line: str) -> None:
    """Write one line."""
    _log.info(line)
