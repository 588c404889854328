"""Messages that have arrived and were not asked for yet: bounded, in order, each with its connection."""

from collections import deque
from collections.abc import Sequence
from typing import Protocol

from msgspec import Struct

from application.ports.clock import Clock
from application.ports.uplink_log import RawUplink


class Acknowledges(Protocol):
    """A connection, as far as its messages know it."""

    def acknowledge(self, mids: Sequence[int]) -> bool:
        """Acknowledge messages that came on it; False: it is over."""


class Receipt(Struct, frozen=True):
    """What it takes to acknowledge a delivery: an identifier means nothing on another connection."""

    connection: Acknowledges
    mids: list[int]
    """Packet identifiers of the QoS 1 messages."""


class _Stretch(Struct):
    """Consecutive messages of one connection."""

    connection: Acknowledges
    messages: int = 0


class Inbox:
    """Full when it holds so many messages, or so many bytes of them.

    A ``PacketStream`` appends to ``uplinks`` and ``mids`` by itself, as much as there is room, and says so.
    """

    def __init__(self, source: str, network_server: str, clock: Clock, *, most_messages: int, most_bytes: int) -> None:
        self.source = source
        self.network_server = network_server
        self.now_us = 0
        """When what is being cut was read."""
        self.uplinks: list[RawUplink] = []
        self.mids: list[int] = []
        """Packet identifier of each message; 0 where nothing is to be acknowledged (QoS 0)."""
        self.received = 0
        """Messages that ever arrived."""
        self._clock = clock
        self._most_messages = most_messages
        self._most_bytes = most_bytes
        self._bytes = 0
        self._stretches: deque[_Stretch] = deque()

    def __len__(self) -> int:
        return len(self.uplinks)

    @property
    def full(self) -> bool:
        """Whether no more should come for now."""
        return self._bytes >= self._most_bytes or len(self.uplinks) >= self._most_messages

    @property
    def room(self) -> tuple[int, int]:
        """How many messages, and bytes of them, it takes to fill it."""
        return self._most_messages - len(self.uplinks), self._most_bytes - self._bytes

    def note_time(self) -> None:
        """Take what is appended from now on for received now."""
        self.now_us = self._clock.now_us()

    def open(self, connection: Acknowledges) -> None:
        """Take what comes from now on for messages of ``connection``."""
        self._stretches.append(_Stretch(connection))

    def note(self, messages: int, size: int) -> None:
        """Count ``messages`` that were appended, ``size`` bytes of them."""
        self._stretches[-1].messages += messages
        self._bytes += size
        self.received += messages

    def take(self, most: int) -> tuple[list[RawUplink], Receipt]:
        """Remove and return the oldest messages of one connection, at least one, up to ``most``."""
        while not self._stretches[0].messages:
            self._stretches.popleft()
        oldest = self._stretches[0]
        count = min(most, oldest.messages)
        uplinks, mids = self.uplinks[:count], self.mids[:count]
        del self.uplinks[:count], self.mids[:count]
        oldest.messages -= count
        self._bytes -= sum([len(uplink.body) for uplink in uplinks])
        return uplinks, Receipt(oldest.connection, [mid for mid in mids if mid])
