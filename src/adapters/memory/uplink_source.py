"""Uplinks from a list: for tests and for trying things out."""

import asyncio
from collections import deque
from collections.abc import Sequence

from msgspec import Struct

from application.ports.uplink_log import RawUplink
from application.ports.uplink_source import Delivery

_MOST = 500
"""Messages of one delivery, as from a broker."""


class _Receipt(Struct, frozen=True):
    connection: int
    numbers: Sequence[int]


class MemoryUplinkSource:
    """Gives what it was given, and again what was not acknowledged when its connection is lost."""

    def __init__(self, uplinks: Sequence[RawUplink] = ()) -> None:
        self._waiting: deque[tuple[int, RawUplink]] = deque()
        self._unacknowledged: dict[int, RawUplink] = {}
        self._connection = 0
        self._count = 0
        self._at_end = False
        self._news = asyncio.Event()
        self.put(uplinks)

    def put(self, uplinks: Sequence[RawUplink]) -> None:
        """Add ``uplinks`` to what is to be given."""
        self._waiting.extend(enumerate(uplinks, self._count))
        self._count += len(uplinks)
        self._news.set()

    def lose_connection(self) -> None:
        """Give again, first, what was not acknowledged; take no acknowledgement of before."""
        self._connection += 1
        again = [
            (
                number,
                RawUplink(each.source, each.network_server, each.topic, each.body, each.received_us, mqtt_dup=True),
            )
            for number, each in self._unacknowledged.items()
        ]
        self._waiting.extendleft(reversed(again))
        self._unacknowledged.clear()
        self._news.set()

    async def receive(self) -> Delivery | None:
        while not self._waiting:
            if self._at_end:
                return None
            self._news.clear()
            await self._news.wait()
        given = dict(self._waiting.popleft() for _ in range(min(_MOST, len(self._waiting))))
        self._unacknowledged.update(given)
        return Delivery(list(given.values()), _Receipt(self._connection, list(given)))

    def stop(self) -> None:
        self._at_end = True
        self._news.set()

    async def acknowledge(self, delivery: Delivery) -> None:
        receipt = delivery.token
        if isinstance(receipt, _Receipt) and receipt.connection == self._connection:
            for number in receipt.numbers:
                self._unacknowledged.pop(number, None)
