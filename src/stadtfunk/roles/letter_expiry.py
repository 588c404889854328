"""Beside the embedded platform: takes away dead letters whose time is over."""

import asyncio
from contextlib import suppress

from application.letter_retention import LetterRetention

_EVERY_S = 3_600.0
"""Retention counts in days."""


async def expire_letters(retention: LetterRetention, stop: asyncio.Event) -> None:
    """Look now and every hour, until ``stop``."""
    while not stop.is_set():
        await retention.expire()
        with suppress(TimeoutError):
            async with asyncio.timeout(_EVERY_S):
                await stop.wait()
