"""Another process under our name: Kafka gives the place of a static member to whoever came last (KIP-345).

aiokafka 0.14 then comes again, and the two take it from each other in turn, for ever: each does the other's work once
more, and nobody hears of it. The group does not share out its partitions anew for that, so its generation tells: in a
rebalance it grows, and when somebody took our place it is the same as before.
"""

import logging
import time
from collections.abc import Callable

from application.errors import Fenced

_log = logging.getLogger(__name__)

_PROVEN = 3
"""Times in a row: once is a process that was replaced while it still ran."""
_IN_A_ROW_S = 60.0
"""At most between two of them; we notice with the next sign of life, after 3 s."""


class Takeovers:
    """Counts how often another member of the group took our place."""

    def __init__(self, instance_id: str, now: Callable[[], float] = time.monotonic) -> None:
        self._instance_id = instance_id
        self._now = now
        self._generation = -1
        self._count = 0
        self._last_s = 0.0

    def note(self, generation: int) -> None:
        """Take note that partitions were given to us in ``generation`` of the group.

        Raises:
            Fenced: another process has our name.
        """
        if generation != self._generation:
            self._generation = generation
            return
        now = self._now()
        self._count = self._count + 1 if now - self._last_s <= _IN_A_ROW_S else 1
        self._last_s = now
        if self._count >= _PROVEN:
            raise Fenced(
                f"another process took our place in the group {self._count} times: give each its own"
                f" kafka.instance_id, not {self._instance_id!r} to two",
                instance_id=self._instance_id,
            )
        _log.warning("our place in the group was taken: does another process use instance_id %r?", self._instance_id)
