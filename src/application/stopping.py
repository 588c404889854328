"""The pause between two looks, which a stop ends at once."""

import asyncio
from contextlib import suppress


async def stopped_within(stop: asyncio.Event, seconds: float) -> bool:
    """Wait for ``stop``, but ``seconds`` at most; return whether it was told.

    One that was told already is known at once; one told while the time runs out is not missed.
    """
    with suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await stop.wait()
    return stop.is_set()
