"""The last frames of a segment: what is needed to tell a copy from a new frame.

Kept as one bytes value: 185,000 devices with four entries each cost 20 MB so, and 180 MB as tuples of integers.
"""

from collections.abc import Iterator
from struct import Struct as Layout
from zlib import crc32

_ENTRY = Layout("<IqI")
"""f_cnt, network time in ns, fingerprint: 16 bytes."""
_SIZE = _ENTRY.size
_pack, _unpack_from = _ENTRY.pack, _ENTRY.unpack_from
_KEPT_NS = 600 * 1_000_000_000
"""Ten minutes: the window in which order of arrival must not matter (the ledger's definition, rule 5)."""
_MOST = 64 * _SIZE
"""64 frames: the other bound of that window."""
_LEAST = 4 * _SIZE
"""A meter that speaks every hour still needs the frame a transport may repeat."""


def fingerprint(f_port: int, payload: bytes) -> int:
    """Return what two copies of one frame have in common beside their counter; the same in every process."""
    return crc32(payload, f_port)


def remember(recent: bytes, f_cnt: int, network_ns: int, mark: int) -> bytes:
    """Return ``recent`` with one frame more, and without those outside the window."""
    kept = recent + _pack(f_cnt, network_ns, mark)
    length = len(kept)
    surplus = length - _MOST if length > _MOST else 0
    removable = length - _LEAST
    while surplus < removable and _unpack_from(kept, surplus)[1] < network_ns - _KEPT_NS:
        surplus += _SIZE
    return kept[surplus:] if surplus else kept


def times_of_copies(recent: bytes, f_cnt: int, mark: int) -> Iterator[int]:
    """Yield the network times at which this very frame is known to have been received."""
    return (ns for known, ns, print_ in _ENTRY.iter_unpack(recent) if known == f_cnt and print_ == mark)


def is_known(recent: bytes, f_cnt: int) -> bool:
    """Say whether a frame with this counter, whatever it carried, is still remembered."""
    return any(known == f_cnt for known, _, _ in _ENTRY.iter_unpack(recent))
