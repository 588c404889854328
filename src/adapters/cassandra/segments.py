"""Readings of one data class as segments: what one call of the store writes into a bucket and shard is one row.

A small row costs a node as much as a larger one, so the readings of many observations share one: its body is JSON,
compressed by Zstandard. Per observation it holds the device, the event time, the
origin (the write time first) once, and for each reading the cell's name and what stands before the origin in the cell
(``cells``), so that the cell of a reading is the same here and by device, byte by byte.

Nothing is looked up or changed when a segment is written. A correction, a repeat or a withdrawal comes in a segment of
its own, and whoever reads takes of each reading the one with the later write time, and of equal ones that whose cell
compares greater (``segment_merge``), which is what Cassandra does by device.
"""

from collections.abc import Iterator, Sequence
from hashlib import blake2b

import msgspec
from cramjam import DecompressionError, zstd
from msgspec import Raw, Struct

from adapters.cassandra.cells import Told
from adapters.cassandra.class_layout import ClassLayout, spread
from adapters.cassandra.class_tables import Classes, ClassTable
from adapters.cassandra.retention import NO_END, time_to_live
from adapters.cassandra.rows import Row, bigint, integer, valued
from application.errors import WrongShape
from domain.observation import Observation

_MOST = 250
"""Observations of a segment: some 50 kB of JSON, 5 kB compressed. More share nothing more, and a reader unpacks whole
segments."""
_LEVEL = 1
_ID_BYTES = 16
_S = 1_000_000_000

_Place = tuple[int, int, int]
"""Number of the class, start of the bucket (s), shard."""


class Part(Struct, frozen=True, gc=False, array_like=True):
    """The readings that an observation has of one class; what later versions add comes at the end."""

    device: str
    event_ns: int
    origin: Raw
    """Write time (µs) and the rest of a cell's origin, as a JSON array."""
    cells: list[tuple[str, Raw]]
    """Name, and the array of what stands before the origin."""


_decode = msgspec.json.Decoder(list[Part]).decode


class _Open(Struct):
    """A segment that is being filled."""

    instants_ns: list[int] = []
    """Of the parts: in pairs, they would be looked at by the garbage collector."""
    writes_us: list[int] = []
    parts: list[bytes] = []


class _Bucket(Struct, frozen=True):
    """Where an observation of a class lay: the next are of the same bucket, mostly."""

    start_s: int
    since_ns: int
    until_ns: int
    shards: int


class Segments:
    """The segments of one call of the store."""

    def __init__(self, classes: Classes, now_s: int) -> None:
        """Take what the schema says, and the time, s since 1970-01-01 UTC."""
        self._tables = classes.tables
        self._now_s = now_s
        self._open: dict[_Place, _Open] = {}
        self._buckets: dict[int, _Bucket] = {}
        """The last of each class."""

    def add(self, observation: Observation, told: Told) -> list[Row]:
        """Take an observation, by each class that its readings are of, and return those segments that are full."""
        event_ns, written_us, full = observation.event_ns, observation.written_us, []
        number_of_device = spread(observation.dev_eui)
        for number, cells in told.by_class.items():
            table = self._tables[number]
            if table.kept_s and time_to_live(event_ns, table.kept_s, self._now_s) is None:
                continue
            bucket = self._buckets.get(number)
            if bucket is None or not bucket.since_ns <= event_ns < bucket.until_ns:
                bucket = self._buckets[number] = _bucket(table.layouts.of(event_ns), event_ns)
            place = number, bucket.start_s, number_of_device % bucket.shards
            segment = self._open.get(place)
            if segment is None:
                segment = self._open[place] = _Open()
            segment.instants_ns.append(event_ns)
            segment.parts.append(_part(observation, told.origin, cells))
            segment.writes_us.append(written_us)
            if len(segment.parts) == _MOST:
                full.append(_row(table, place, self._open.pop(place), self._now_s))
        return full

    def rest(self) -> Iterator[Row]:
        """Yield those that are not full."""
        for place, segment in self._open.items():
            yield _row(self._tables[place[0]], place, segment, self._now_s)


def unpacked(body: bytes) -> list[Part]:
    """Return what is in the body of a segment.

    Raises:
        WrongShape: it is none that this version reads.
    """
    try:
        # As bytes: a ``Raw`` keeps no other buffer alive, and would be read after it is gone.
        return _decode(bytes(zstd.decompress(body)))
    except (DecompressionError, msgspec.MsgspecError) as error:
        message = f"a segment of readings by class cannot be read: {error}; was it written by a newer stadtfunk?"
        raise WrongShape(message) from error


def _bucket(layout: ClassLayout, event_ns: int) -> _Bucket:
    start_s = layout.start_s(event_ns)
    return _Bucket(start_s, start_s * _S, (start_s + layout.bucket_s) * _S, layout.shards)


def _part(observation: Observation, origin: bytes, cells: Sequence[bytes]) -> bytes:
    """Return an observation as ``Part`` says; a DevEUI has nothing that JSON would escape."""
    head = f'["{observation.dev_eui}",{observation.event_ns},'.encode()
    return b"".join((head, origin, b",[", b",".join(cells), b"]]"))


def _row(table: ClassTable, place: _Place, segment: _Open, now_s: int) -> Row:
    """Return a segment as a row; the same for the same observations, in any order: written again it overwrites itself.

    It is kept until the last instant of its bucket may be kept no longer.
    """
    _, start_s, shard = place
    parts = sorted(zip(segment.instants_ns, segment.parts, strict=True))
    first_ns = parts[0][0]
    content = b"[%s]" % b",".join([part for _, part in parts])
    end_ns = (start_s + table.layouts.of(first_ns).bucket_s) * _S
    left = time_to_live(end_ns, table.kept_s, now_s) or NO_END  # it is not over: ``add`` took none that was
    name = blake2b(content, digest_size=_ID_BYTES).digest()
    start, where = bigint(start_s), integer(shard)
    body = bytes(zstd.compress(content, _LEVEL))
    values = valued(bigint(max(segment.writes_us)), left, body, start, where, bigint(first_ns), name)
    return Row(table.write, start + where, values)
