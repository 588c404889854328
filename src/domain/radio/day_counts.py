"""Frame counts of past days, packed: days in a row that count the same, and what of their counts is not zero.

A month in which a meter is heard every hour takes 6 bytes; one in which each day is different, 180; as structs they
would take 4 kB.
"""

from collections.abc import Iterator
from struct import Struct as Layout

from msgspec.structs import astuple

from domain.radio.frame_counts import FrameCounts

DAYS_KEPT = 31
"""With the newest, which stands apart; as long as the raw log (30 days), and the day in hand."""
_HEAD = Layout("<HBH")
"""Number of the first day, how many days, and one bit for each count that follows."""
_FIELDS = len(FrameCounts.__struct_fields__)
_MORE = 0x80
_BITS = 7


def packed(day: int, counts: FrameCounts, length: int = 1) -> bytes:
    """Return the counts of some days that are alike; those that are zero take no room."""
    mask = 0
    body = bytearray()
    for field, count in enumerate(astuple(counts)):
        if count:
            mask |= 1 << field
            while count >= _MORE:
                body.append(count & (_MORE - 1) | _MORE)
                count >>= _BITS  # noqa: PLW2901  the number is written digit by digit
            body.append(count)
    return _HEAD.pack(day, length, mask) + bytes(body)


def unpacked(days: bytes) -> dict[int, FrameCounts]:
    """Return the counts by day, oldest first."""
    found: dict[int, FrameCounts] = {}
    for start, end in _entries(days):
        day, length, _ = _HEAD.unpack_from(days, start)
        counts = _counts(days[start:end])
        found |= dict.fromkeys(range(day, day + length), counts)
    return found


def with_day(days: bytes, day: int, counts: FrameCounts) -> bytes:
    """Return ``days`` with one more, later than all others, and without those of 30 days before it and earlier."""
    kept = _since(days, day - (DAYS_KEPT - 2))
    newest = packed(day, counts)
    last = -1
    for start, _ in _entries(kept):
        last = start
    if last >= 0:
        first, length, _ = _HEAD.unpack_from(kept, last)
        if first + length == day:
            longer = packed(first, counts, length + 1)
            if longer[_HEAD.size - 2 :] == kept[last + _HEAD.size - 2 :]:
                return kept[:last] + longer
    return kept + newest


def repacked(days: dict[int, FrameCounts]) -> bytes:
    """Return ``days`` as they are kept; without those that count nothing, and the oldest that find no room."""
    kept = sorted((day, counts) for day, counts in days.items() if any(astuple(counts)))
    found = b""
    for day, counts in kept[-(DAYS_KEPT - 1) :]:
        found = with_day(found, day, counts)
    return found


def _since(days: bytes, oldest: int) -> bytes:
    """Return ``days`` from ``oldest`` on."""
    while days:
        first, length, mask = _HEAD.unpack_from(days)
        if first >= oldest:
            break
        if first + length > oldest:
            return _HEAD.pack(oldest, first + length - oldest, mask) + days[_HEAD.size :]
        days = days[_end(days, _HEAD.size, mask.bit_count()) :]
    return days


def _entries(days: bytes) -> Iterator[tuple[int, int]]:
    """Yield where each entry begins and ends."""
    at = 0
    while at < len(days):
        _, _, mask = _HEAD.unpack_from(days, at)
        end = _end(days, at + _HEAD.size, mask.bit_count())
        yield at, end
        at = end


def _end(days: bytes, at: int, numbers: int) -> int:
    """Return where ``numbers`` numbers end: each ends with a byte below 128."""
    while numbers:
        numbers -= days[at] < _MORE
        at += 1
    return at


def _counts(entry: bytes) -> FrameCounts:
    _, _, mask = _HEAD.unpack_from(entry)
    at = _HEAD.size
    counts = [0] * _FIELDS
    for field in range(_FIELDS):
        if mask >> field & 1:
            counts[field], at = _number(entry, at)
    return FrameCounts(*counts)


def _number(days: bytes, at: int) -> tuple[int, int]:
    number = shift = 0
    while True:
        digit = days[at]
        number |= (digit & (_MORE - 1)) << shift
        at += 1
        if digit < _MORE:
            return number, at
        shift += _BITS
