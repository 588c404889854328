"""Inboxes with a connection."""

from collections.abc import Sequence

from adapters.mqtt.inbox import Inbox
from tests.support.clock import FakeClock

SOURCE = "swu"


class Acknowledged:
    """A connection that notes what is acknowledged on it, until it ends."""

    def __init__(self) -> None:
        self.mids: list[int] = []
        self.is_over = False

    def acknowledge(self, mids: Sequence[int]) -> bool:
        """Note ``mids``."""
        self.mids += mids
        return not self.is_over


def inbox(*, most_messages: int = 10_000, most_bytes: int = 10_000_000, clock: FakeClock | None = None) -> Inbox:
    """Return an inbox that takes messages of one connection."""
    opened = Inbox(SOURCE, "tts", clock or FakeClock(), most_messages=most_messages, most_bytes=most_bytes)
    opened.open(Acknowledged())
    return opened
