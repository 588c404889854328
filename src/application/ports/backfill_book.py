"""What backfill remembers: up to when a source's messages surely reached us, and for which times its store is asked."""

from collections.abc import Sequence
from typing import Literal, Protocol

from msgspec import Struct

Reason = Literal["start", "reconnect", "asked"]
"""Why a window is asked for: we were away, the connection was, or a person wants it."""


class Coverage(Struct, frozen=True, tag="coverage", omit_defaults=True):
    """Up to when one connection to a source brought us what was there; every hole before it is a window."""

    source: str
    instance: str
    """Which of several bridges to the source."""
    through_us: int
    """Receipt of the last message that is durable."""
    written_us: int

    @property
    def key(self) -> str:
        """Name of the entry."""
        return f"coverage/{self.source}/{self.instance}"


class Window(Struct, frozen=True, tag="window", omit_defaults=True):
    """A time of which the source's store is asked; from ``since_us`` to before ``until_us``."""

    source: str
    since_us: int
    until_us: int
    reason: Reason
    written_us: int
    dev_eui: str = ""
    """Empty: all devices."""
    through_us: int = 0
    """All that is stored up to here is in our log; 0: nothing yet."""
    fetched_us: int = 0
    """When all of it was in our log; 0: not yet."""
    messages: int = 0
    """How many the store gave, those that we had among them."""
    tries: int = 0
    """Since it last told anything."""
    next_us: int = 0
    """When it is tried again."""
    trouble: str = ""
    """Why the last try came to nothing, or what is wrong with what was fetched."""
    lost_until_us: int = 0
    """Up to here the store had forgotten it before it was asked: that is lost, and by us; 0: nothing is."""

    @property
    def key(self) -> str:
        """Name of the entry."""
        return f"window/{self.source}/{self.since_us}-{self.until_us}/{self.dev_eui}"

    @property
    def begins_us(self) -> int:
        """Where what is still to be fetched begins."""
        return max(self.since_us, self.through_us)

    @property
    def is_open(self) -> bool:
        """Whether something is still to be fetched."""
        return self.fetched_us == 0


class GapMark(Struct, frozen=True, tag="gaps", omit_defaults=True):
    """Up to when gaps in the counters of a source's devices were asked for."""

    source: str
    through_us: int
    """Network time of the frames after them."""
    written_us: int
    trouble: str = ""
    """Why it goes no further for now."""

    @property
    def key(self) -> str:
        """Name of the entry."""
        return f"gaps/{self.source}"


Entry = Coverage | Window | GapMark


class BackfillBook(Protocol):
    """Promises: tests/contract/backfill_book.py."""

    async def put(self, entries: Sequence[Entry]) -> None:
        """Store ``entries`` durably; of two under one key the later written stays.

        Raises:
            Unavailable: not all could be stored; give all again.
        """

    async def forget(self, entries: Sequence[Entry]) -> None:
        """Remove what stands under the keys of ``entries``.

        Raises:
            Unavailable: not all could be removed; give all again.
        """

    async def entries(self) -> Sequence[Entry]:
        """Return all that is remembered, by key.

        Raises:
            Unavailable: it cannot be read now.
        """
