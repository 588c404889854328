"""The last frames of a segment: what is needed to tell a copy from a new frame, and to put a late one in its place.

Kept as one bytes value, by network time: 185,000 devices with four entries each cost 20 MB so, and 180 MB as tuples.
"""

from struct import Struct as Layout
from typing import NamedTuple
from zlib import crc32

_ENTRY = Layout("<IqI")
"""f_cnt, network time in ns, mark: 16 bytes."""
_SIZE = _ENTRY.size
_pack, _unpack_from = _ENTRY.pack, _ENTRY.unpack_from
WINDOW_NS = 600 * 1_000_000_000
"""Ten minutes: the window in which order of arrival must not matter (the ledger's definition, rule 5)."""
KEPT_NS = WINDOW_NS + 120 * 1_000_000_000
"""And what lies around it: copies (60 s) and clocks that differ (30 s)."""
_MOST = (64 + 16) * _SIZE
"""64 frames, the other bound of that window, and what a frame among them may refer to."""
_LEAST = 4 * _SIZE
"""A meter that speaks every hour still needs the frame a transport may repeat."""

COPY = 1 << 31
"""A copy of a frame that was received before."""
EMPTY = 1 << 30
UNDECODABLE = 1 << 29
_FLAGS = COPY | EMPTY | UNDECODABLE
_MARK = UNDECODABLE - 1


class Frame(NamedTuple):
    """What is remembered of a frame. Sorts by network time, then counter."""

    network_ns: int
    f_cnt: int
    """As its server shows it; in a segment that rolled over, in full."""
    mark: int
    """Fingerprint of port and payload, and flags."""

    @property
    def is_copy(self) -> bool:
        """Whether another was received before it."""
        return bool(self.mark & COPY)

    def is_like(self, mark: int) -> bool:
        """Say whether port and payload are those of ``mark``."""
        return not (self.mark ^ mark) & _MARK

    def flagged(self, flags: int) -> "Frame":
        """Return the frame with ``flags`` and no others."""
        return Frame(self.network_ns, self.f_cnt, self.mark & _MARK | flags)


def fingerprint(dev_addr: str, f_port: int, payload: bytes) -> int:
    """Return what two copies of one frame have in common beside their counter, 29 bits; the same in every process."""
    return crc32(dev_addr.encode() + payload, f_port) & _MARK


def remember(recent: bytes, f_cnt: int, network_ns: int, mark: int) -> bytes:
    """Return ``recent`` with one frame more, later than all others, and without those outside the window."""
    kept = recent + _pack(f_cnt, network_ns, mark)
    length = len(kept)
    surplus = length - _MOST if length > _MOST else 0
    removable = length - _LEAST
    # One from before the window stays: what follows it directly can be put in its place.
    while surplus < removable and _unpack_from(kept, surplus + _SIZE)[1] < network_ns - KEPT_NS:
        surplus += _SIZE
    return kept[surplus:] if surplus else kept


def frames_of(recent: bytes) -> list[Frame]:
    """Return what is remembered, oldest first."""
    return [Frame(ns, f_cnt, mark) for f_cnt, ns, mark in _ENTRY.iter_unpack(recent)]


def remembered(frames: list[Frame]) -> bytes:
    """Return ``frames`` as they are kept, without those outside the window."""
    kept = b"".join([_pack(f_cnt, ns, mark) for ns, f_cnt, mark in frames[:-1]])
    return remember(kept, frames[-1].f_cnt, frames[-1].network_ns, frames[-1].mark) if frames else b""


def with_undecodable(recent: bytes, network_ns: int, mark: int) -> bytes:
    """Return ``recent`` with the frame of that time, port and payload flagged as undecodable, if it is there."""
    frames = frames_of(recent)
    for index, frame in enumerate(frames):
        if frame.network_ns == network_ns and frame.is_like(mark):
            frames[index] = frame.flagged(frame.mark & _FLAGS | UNDECODABLE)
            return b"".join([_pack(each.f_cnt, each.network_ns, each.mark) for each in frames])
    return recent
