"""Frame counts of past days, packed: a day and what of its counts is not zero.

A quiet day of a meter takes 5 bytes, 31 of them 155; as structs they would take 4 kB.
"""

from collections.abc import Iterator
from struct import Struct as Layout

from msgspec.structs import astuple

from domain.radio.frame_counts import FrameCounts

DAYS_KEPT = 31
"""With the newest, which stands apart; as long as the raw log (30 days), and the day in hand."""
_HEAD = Layout("<HH")
"""Number of the day, and one bit for each count that follows."""
_FIELDS = len(FrameCounts.__struct_fields__)
_MORE = 0x80
_BITS = 7


def packed(day: int, counts: FrameCounts) -> bytes:
    """Return the counts of one day; those that are zero take no room."""
    mask = 0
    body = bytearray()
    for field, count in enumerate(astuple(counts)):
        if count:
            mask |= 1 << field
            while count >= _MORE:
                body.append(count & (_MORE - 1) | _MORE)
                count >>= _BITS  # noqa: PLW2901  the number is written digit by digit
            body.append(count)
    return _HEAD.pack(day, mask) + bytes(body)


def unpacked(days: bytes) -> dict[int, FrameCounts]:
    """Return the counts by day, oldest first."""
    return dict(_entries(days))


def with_day(days: bytes, day: int, counts: FrameCounts) -> bytes:
    """Return ``days`` with one more, later than all others, and without those of 30 days before it and earlier."""
    while days and _HEAD.unpack_from(days)[0] <= day - (DAYS_KEPT - 1):
        days = days[_end(days, _HEAD.size, _HEAD.unpack_from(days)[1].bit_count()) :]
    return days + packed(day, counts)


def is_next(days: bytes, before: bytes, day: int, counts: FrameCounts) -> bool:
    """Say whether ``days`` is ``before`` with one day more, and perhaps without its oldest."""
    newest = packed(day, counts)
    return days.endswith(newest) and before.endswith(days[: -len(newest)])


def repacked(days: dict[int, FrameCounts]) -> bytes:
    """Return ``days`` as they are kept; without those that count nothing, and the oldest that find no room."""
    kept = sorted((day, counts) for day, counts in days.items() if any(astuple(counts)))
    return b"".join([packed(day, counts) for day, counts in kept[-(DAYS_KEPT - 1) :]])


def _end(days: bytes, at: int, numbers: int) -> int:
    """Return where ``numbers`` numbers end: each ends with a byte below 128."""
    while numbers:
        numbers -= days[at] < _MORE
        at += 1
    return at


def _entries(days: bytes) -> Iterator[tuple[int, FrameCounts]]:
    at = 0
    while at < len(days):
        day, mask = _HEAD.unpack_from(days, at)
        at += _HEAD.size
        counts = [0] * _FIELDS
        for field in range(_FIELDS):
            if mask >> field & 1:
                counts[field], at = _number(days, at)
        yield day, FrameCounts(*counts)


def _number(days: bytes, at: int) -> tuple[int, int]:
    number = shift = 0
    while True:
        digit = days[at]
        number |= (digit & (_MORE - 1)) << shift
        at += 1
        if digit < _MORE:
            return number, at
        shift += _BITS
