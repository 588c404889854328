"""Letters in parts that may be held at once, however many and large they are."""

from collections.abc import AsyncGenerator, AsyncIterable, Iterator, Sequence
from typing import TypeVar

from application.ports.dead_letters import DeadLetter

_T = TypeVar("_T")
AT_ONCE = 500
"""Letters settled at once, where nothing but that is done to them."""
REPLAYED_AT_ONCE = 50
"""Letters processed again before they are settled: so many receipts a kill may cost, and no readings. One answer more
to wait for, for fifty letters that each wait for several."""
_LOOKED_UP = 5_000
"""What is remembered of devices is looked up for so many letters at once: on Kafka a partition of it is read whole."""
_BYTES = 33_554_432
"""32 MiB of messages."""


async def held(letters: AsyncIterable[DeadLetter]) -> AsyncGenerator[list[DeadLetter], None]:
    """Yield ``letters`` in parts of 5,000, or of 32 MiB."""
    part: list[DeadLetter] = []
    size = 0
    try:
        async for letter in letters:
            part.append(letter)
            size += len(letter.body) + len(letter.payload)
            if len(part) == _LOOKED_UP or size >= _BYTES:
                yield part
                part, size = [], 0
        if part:
            yield part
    finally:
        if isinstance(letters, AsyncGenerator):
            await letters.aclose()


def cut(letters: Sequence[_T], most: int = AT_ONCE) -> Iterator[Sequence[_T]]:
    """Yield ``letters`` in parts of ``most``."""
    return (letters[start : start + most] for start in range(0, len(letters), most))
