"""How far a consumer group has come in what it reads: its commits, and the log beside them."""

from collections.abc import Mapping, Sequence
from typing import Protocol

from msgspec import Struct

WINDOW = 10
"""Commits and ends kept of a partition: Burrow's default (``intervals``)."""
ENDS_EVERY_MS = 10_000
"""How far apart the ends of a partition are looked at: Burrow's default (``offset-refresh``)."""


class Commit(Struct, frozen=True, gc=False):
    """A position that a group committed."""

    offset: int
    """The next record it wants."""
    committed_ms: int
    """When, ms since 1970-01-01 UTC."""
    lag: int | None = None
    """Records behind it in the log at that moment; None: not known."""


class PartitionProgress(Struct, frozen=True):
    """One partition that a group reads."""

    topic: str
    partition: int
    commits: Sequence[Commit]
    """The newest, oldest first, at most ``WINDOW``."""
    ends: Sequence[int]
    """End of the partition now and every ``ENDS_EVERY_MS`` before, at most ``WINDOW``, newest first."""
    lag: int
    """Records that the group has not finished."""
    waiting_since_ms: int | None = None
    """Time stamp of the first of them; None: there is none, or it is not known."""


class GroupProgress(Protocol):
    """Kafka's, or in tests one made up."""

    async def of(self, groups: Mapping[str, Sequence[str]]) -> Mapping[str, Sequence[PartitionProgress]]:
        """Return the progress of ``groups``, each with the topics it is known to read; other topics it read are added.

        A group that never committed anything has none.

        Raises:
            Unavailable, Refused: the log does not say.
        """
