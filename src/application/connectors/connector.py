"""What all connectors have in common."""

from collections.abc import Awaitable, Mapping
from typing import Protocol

from msgspec import Struct

from application.connectors.progress import Progress
from application.stage_counts import StageCounts


class Connector(Protocol):
    """Moves what arrives at one end to the other. Promises: tests/contract/connector.py."""

    counts: StageCounts
    """The conservation law balances at every moment; ``in flight`` is 0 once it has ended."""
    progress: Progress

    async def run(self) -> None:
        """Work until ``stop``, or until the source has come to its end.

        Raises:
            Unavailable, Refused, WrongShape: the world is not as it must be; nothing was acknowledged before it was
                stored, and what was not comes again after a restart.
        """

    def stop(self) -> Awaitable[None]:
        """Take no more from outside, finish what is in hand, and let ``run`` end."""


class Place(Struct, frozen=True):
    """How far a connector has come in one part of what it reads."""

    done: int
    """Position up to which all is stored."""
    end: int
    """Position after the last that there is."""


class Backlog(Protocol):
    """What waits for a connector, as the far end sees it."""

    async def places(self) -> Mapping[str, Place]:
        """Return where it stands, by the name of each part (``observations/3``).

        Raises:
            Unavailable: that cannot be told now.
        """
