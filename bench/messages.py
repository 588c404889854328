"""Messages in a file: made once, before any clock runs, and read in each process that needs them.

A batch is a length (32 bits) and that many bytes of MessagePack; reading costs 0.5 µs a message and little memory.
"""

import asyncio
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from struct import Struct as Layout

import msgspec

from application.ports.uplink_log import RawUplink
from application.ports.uplink_source import Delivery

_LENGTH = Layout("<I")
_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(list[RawUplink]).decode


def write(path: Path, uplinks: Iterable[RawUplink], batch: int) -> int:
    """Write ``uplinks`` to ``path`` in batches and return how many there were."""
    number, following = 0, iter(uplinks)
    with path.open("wb") as file:
        while some := list(islice(following, batch)):
            body = _encode(some)
            file.write(_LENGTH.pack(len(body)) + body)
            number += len(some)
    return number


def read(path: Path) -> Iterator[list[RawUplink]]:
    """Yield the batches of a file."""
    with path.open("rb") as file:
        while head := file.read(_LENGTH.size):
            yield _decode(file.read(*_LENGTH.unpack(head)))


class FileSource:
    """An ``UplinkSource`` that hands over the batches of a file, as fast as it is asked."""

    def __init__(self, path: Path) -> None:
        self._batches: Iterator[list[RawUplink]] = read(path)

    async def receive(self) -> Delivery | None:
        """Return the next batch, once everybody else had a turn, as with any source that waits for a network."""
        await asyncio.sleep(0)
        batch = next(self._batches, None)
        return Delivery(batch) if batch else None

    async def acknowledge(self, delivery: Delivery) -> None:
        """Nothing can be given again."""

    def stop(self) -> None:
        """Hand over no more."""
        self._batches = iter(())
