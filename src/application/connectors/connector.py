"""What all connectors have in common."""

from collections.abc import Awaitable
from typing import Protocol

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
