"""The uplink log: raw messages as they came, from which everything else can be rebuilt."""

from collections.abc import AsyncIterator, Collection, Iterator, Mapping, Sequence
from typing import Protocol

from msgspec import Struct

Place = tuple[int, int]
"""Partition and offset."""
STORAGE = "storage"
"""Origin of what a backfill brought."""
PART = 32
"""Messages that are read, computed and encoded (by `ingest`: keyed and put into batches) before the next ones: with all
that comes of them 0.3 MB, a third of a processor's second cache. Done in passes over the whole, a batch of 1,000 costs
a tenth more and up to a third."""


class RawUplink(Struct, frozen=True, gc=False):
    """A network server's message, untouched."""

    source: str
    """Name of the network server in the settings; two bridges to one server share it."""
    network_server: str
    """Which envelope it is: ``tts`` (v3), ``ttn-v2`` or ``chirpstack`` (v4)."""
    topic: str
    """Topic it was published on; some servers put the device's name only there."""
    body: bytes
    received_us: int
    """When our process received it, µs since 1970-01-01 UTC."""
    mqtt_dup: bool = False
    """The broker marked it as sent before."""
    origin: str = ""
    """Empty: the source delivered it; ``storage``: the network server's store of messages was asked for it."""


class LoggedUplinks(Struct, frozen=True, gc=False):
    """Consecutive messages of one partition, oldest first."""

    partition: int
    offsets: Sequence[int]
    """Position of each message: growing, not always by one."""
    uplinks: Sequence[RawUplink]
    more: bool = False
    """Those after them have come as well, and are given next: durable together, they are still read in small parts."""

    @property
    def next_offset(self) -> int:
        """The position after the last message."""
        return self.offsets[-1] + 1

    def parts(self, most: int) -> "Iterator[LoggedUplinks]":
        """Yield the messages again, at most ``most`` at once."""
        for start in range(0, len(self.offsets), most):
            part = slice(start, start + most)
            yield LoggedUplinks(self.partition, self.offsets[part], self.uplinks[part])


async def joined(parts: AsyncIterator[LoggedUplinks]) -> AsyncIterator[LoggedUplinks]:
    """Yield ``parts`` of which all but the last say that there is ``more`` as one."""
    offsets: list[int] = []
    uplinks: list[RawUplink] = []
    async for part in parts:
        offsets.extend(part.offsets)
        uplinks.extend(part.uplinks)
        if not part.more:
            yield LoggedUplinks(part.partition, offsets, uplinks)
            offsets, uplinks = [], []


class UplinkLog(Protocol):
    """Append-only, in partitions; order is kept per device. Promises: tests/contract/uplink_log.py."""

    async def append(self, uplinks: Sequence[RawUplink]) -> None:
        """Store all of ``uplinks`` durably, in order per device.

        When it raises, some may be stored: the caller gives all of them again, and processing knows repeats.

        Raises:
            Unavailable: the log cannot be written now.
        """

    def read(self, partition: int, offset: int) -> AsyncIterator[LoggedUplinks]:
        """Yield what stands at ``offset`` and after it, then what is appended, for as long as the partition is ours.

        A log may cut what it has into parts, of which all but the last say that there is ``more``: another always
        follows those, unless reading fails.

        Ends when the partition is taken away or the log is closed.

        Raises:
            Unavailable: the log cannot be read now.
            WrongShape: the log no longer holds ``offset``; nothing is skipped silently.
        """

    def replay(self, since_us: int, until_us: int) -> AsyncIterator[LoggedUplinks]:
        """Yield what was received in ``[since_us, until_us)``, oldest first within a partition, then end."""

    async def some(self, places: Collection[Place]) -> Mapping[Place, RawUplink]:
        """Return the messages at ``places``, without those that the log no longer keeps.

        A log that began anew has another message there: whoever knows more of his compares it.

        Raises:
            Unavailable: the log cannot be read now.
        """
