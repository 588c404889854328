"""Messages that have arrived and were not asked for yet: bounded, in order, each with its connection."""

from collections import deque

from msgspec import Struct

from adapters.mqtt.connection import Connection
from application.ports.uplink_log import RawUplink


class Receipt(Struct, frozen=True):
    """What it takes to acknowledge a delivery: an identifier means nothing on another connection."""

    connection: Connection
    mids: list[int]
    """Packet identifiers of the QoS 1 messages."""


class Inbox:
    """Full when it holds so many messages, or so many bytes of them."""

    def __init__(self, most_messages: int, most_bytes: int) -> None:
        self._most_messages = most_messages
        self._most_bytes = most_bytes
        self._arrived: deque[tuple[RawUplink, int, Connection]] = deque()
        self._bytes = 0

    def __len__(self) -> int:
        return len(self._arrived)

    @property
    def full(self) -> bool:
        """Whether no more should come for now."""
        return self._bytes >= self._most_bytes or len(self._arrived) >= self._most_messages

    def put(self, uplink: RawUplink, mid: int, connection: Connection) -> None:
        """Add what came on ``connection``; ``mid`` is 0 where nothing is to be acknowledged (QoS 0)."""
        self._arrived.append((uplink, mid, connection))
        self._bytes += len(uplink.body)

    def take(self, most: int) -> tuple[list[RawUplink], Receipt]:
        """Remove and return the oldest messages of one connection, at least one, up to ``most``."""
        arrived = self._arrived
        connection = arrived[0][2]
        uplinks: list[RawUplink] = []
        mids: list[int] = []
        while arrived and len(uplinks) < most and arrived[0][2] is connection:
            uplink, mid, _ = arrived.popleft()
            uplinks.append(uplink)
            if mid:
                mids.append(mid)
            self._bytes -= len(uplink.body)
        return uplinks, Receipt(connection, mids)
