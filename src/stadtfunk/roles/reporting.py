"""What a role says while it works and when it ends."""

import asyncio
import logging
from collections.abc import Callable

_log = logging.getLogger("stadtfunk")


async def report(stop: asyncio.Event, every_s: float, line: Callable[[], str]) -> None:
    """Write ``line`` every ``every_s`` seconds until ``stop``, and once more then."""
    while not stop.is_set():
        try:
            async with asyncio.timeout(every_s):
                await stop.wait()
        except TimeoutError:
            _log.info(line())


def say(line: str) -> None:
    """Write one line."""
    _log.info(line)
