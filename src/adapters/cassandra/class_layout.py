"""Where an observation of a data class lies: a bucket of its event time, and a shard of its device.

A partition should stay below some 100,000 observations: those of the class per second × seconds of a bucket / shards.
167 (150,000 meters every 15 minutes) × 600 s / 4 are 25,000; the same layout carries 666 a second. Fewer shards make
fuller segments: what comes together is parted among them, and a row costs what it costs however little is in it.

The layout is part of the schema and depends on the event time alone: a row, its replay and its correction meet in one
place, and settings that change decide about later days only.
"""

from collections.abc import Iterator, Mapping, Sequence
from zlib import crc32

from msgspec import Struct

from adapters.cassandra.days import day_of
from domain.identifiers import DevEui
from domain.observation import DataClass

MOST_OBSERVATIONS = 100_000
"""Of a partition, as planned: some 20 MB unpacked, all of which a reader may have to hold, and half of that again and
again for bursts; 10,000 rows where segments are small, and 2 MB."""
FIRST_DAY = -(1 << 31)
"""Before all days: since when the first layout of a class holds."""
_S = 1_000_000_000
_DAY_S = 86_400
_MOST_SHARDS = 256


class ClassLayout(Struct, frozen=True):
    """How the rows of a class are spread.

    Raises:
        ValueError: a day is no multiple of the bucket (one bucket could have two layouts), or no or too many shards.
    """

    bucket_s: int
    """Seconds of a bucket, beginning at midnight UTC."""
    shards: int

    def __post_init__(self) -> None:
        if self.bucket_s < 1 or _DAY_S % self.bucket_s:
            raise ValueError(f"bucket_s = {self.bucket_s}: a day (86400) must be a whole multiple of it")
        if not 1 <= self.shards <= _MOST_SHARDS:
            raise ValueError(f"shards = {self.shards}: 1 to {_MOST_SHARDS} expected")

    @property
    def most_per_s(self) -> int:
        """Observations per second of the class that it carries with ``MOST_OBSERVATIONS`` in a partition."""
        return MOST_OBSERVATIONS * self.shards // self.bucket_s

    def start_s(self, event_ns: int) -> int:
        """Return when the bucket of an instant begins, seconds since 1970-01-01 UTC."""
        second = event_ns // _S
        return second - second % self.bucket_s

    def shard(self, device: DevEui) -> int:
        """Return the shard of a device, the same in every process."""
        return spread(device) % self.shards


def spread(device: DevEui) -> int:
    """Return the number whose remainder is the shard of a device, the same in every process."""
    return crc32(device.encode())


DEFAULT_LAYOUTS: Mapping[DataClass, ClassLayout] = {
    DataClass.METER_PERSONAL: ClassLayout(600, 4),
    DataClass.OCCUPANCY: ClassLayout(3_600, 4),
    DataClass.LOCATION: ClassLayout(3_600, 2),
    DataClass.INFRASTRUCTURE: ClassLayout(600, 4),
}
"""For a city of 185,000 devices: up to 666 observations/s of meters and of infrastructure, 111 of parking, 55 of
trackers."""


class LayoutSince(Struct, frozen=True):
    """A layout, and the UTC day of the first events that it is for."""

    since_day: int
    layout: ClassLayout


class Layouts:
    """All layouts that a class ever had, by day."""

    def __init__(self, known: Sequence[LayoutSince]) -> None:
        self._known = sorted(known, key=lambda each: each.since_day, reverse=True)

    def of(self, event_ns: int) -> ClassLayout:
        """Return the layout for events of an instant."""
        return self.of_day(day_of(event_ns))

    def of_day(self, day: int) -> ClassLayout:
        """Return the layout for events of a day."""
        for each in self._known:
            if each.since_day <= day:
                return each.layout
        raise LookupError(day)

    def buckets(self, since_ns: int, until_ns: int) -> Iterator[tuple[int, int]]:
        """Yield start (s) and number of shards of all buckets of a span, oldest first."""
        at_ns = since_ns
        while at_ns < until_ns:
            layout = self.of(at_ns)
            start_s = layout.start_s(at_ns)
            yield start_s, layout.shards
            at_ns = (start_s + layout.bucket_s) * _S
