"""What waits for a reader of positions, as the far end sees it."""

from collections.abc import Mapping
from typing import Protocol

from msgspec import Struct


class Standing(Struct, frozen=True):
    """How far a reader has come in one part of what it reads."""

    done: int
    """Position up to which all is stored."""
    end: int
    """Position after the last that there is."""
    grace_s: float = 0.0
    """How much longer than ours it may stand still: another process has it, and may be gone for so long before its
    group gives it to us."""


class Backlog(Protocol):
    """A consumer group's topics, or what arrived in a process."""

    async def standing(self) -> Mapping[str, Standing]:
        """Return where the reader stands, by the name of each part (``observations/3``).

        Raises:
            Unavailable: that cannot be told now.
        """
