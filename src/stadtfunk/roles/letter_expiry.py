"""Beside the embedded platform: takes away dead letters whose time is over."""

import asyncio

from application.letter_retention import LetterRetention
from application.stopping import stopped_within

_EVERY_S = 3_600.0
"""Retention counts in days."""


async def expire_letters(retention: LetterRetention, stop: asyncio.Event) -> None:
    """Look now and every hour, until ``stop``."""
    while not stop.is_set():
        await retention.expire()
        await stopped_within(stop, _EVERY_S)
