"""The enhanced frame (51 bytes): the registers of 24 full hours, the oldest whole and the others as what was added.

Source: the device repository of The Things Network. It does not say at which hours the registers stood; that they are
the last 24 full hours of the meter's clock is taken from the extended frame, whose log ends at the last full hour.
So a register may be off by an hour, and says so; the same hour out of two frames is the same instant.
"""

from collections.abc import Iterable
from struct import Struct

from domain.decoding.codec import Decoded, Notice, Snapshot
from domain.decoding.codecs.axioma_w1.status import status_readings
from domain.decoding.refusals import malformed
from domain.observation import Reading
from domain.rfc3339 import NS_PER_S

_FORM = Struct("<BIBI")
"""Version, clock (s), status, oldest register (L)."""
_VERSION = 1
_DELTAS, _DELTA_BITS = 23, 14
_DELTA_MASK = (1 << _DELTA_BITS) - 1
_SHIFTS = range(0, _DELTAS * _DELTA_BITS, _DELTA_BITS)
_PADDING_BITS = 6
"""23 · 14 = 322 bits of deltas, filled up to 41 bytes; the published decoder calls the rest a multiplier."""
ENHANCED_LENGTH = _FORM.size + (_DELTAS * _DELTA_BITS + _PADDING_BITS) // 8

_HOUR_S = 3_600
_HOUR_NS = _HOUR_S * NS_PER_S
_ML_PER_L = 1_000
_ML = -3
"""Power of ten of water.volume: millilitres."""


def enhanced(data: bytes) -> Decoded:
    """Return the present status and the registers of the past hours.

    Raises:
        Undecodable: another version of the frame.
    """
    version, clock_s, status, litres = _FORM.unpack_from(data)
    if version != _VERSION:
        raise malformed(f"version {version} of the frame is unknown")
    clock_ns = clock_s * NS_PER_S
    bits = int.from_bytes(data[_FORM.size :], "little")
    now = Snapshot(status_readings(status), clock_ns)
    multiplier = bits >> _DELTAS * _DELTA_BITS
    if multiplier:
        notice = Notice("history_multiplier_unknown", f"{multiplier}: {data[_FORM.size :].hex()}")
        return Decoded((*_registers(litres, 0, (), clock_ns), now), {}, (notice,))
    return Decoded((*_registers(litres, bits, _SHIFTS, clock_ns), now))


def _registers(litres: int, bits: int, shifts: Iterable[int], clock_ns: int) -> list[Snapshot]:
    """Return the register at the oldest hour, and after what ``bits`` add in each hour after it."""
    millilitres, age_ns = litres * _ML_PER_L, clock_ns % _HOUR_NS + _DELTAS * _HOUR_NS
    oldest = Reading("water.volume", "", millilitres, _ML)
    found = [Snapshot((oldest,), clock_ns, age_ns, _HOUR_NS)]
    for shift in shifts:
        millilitres += (bits >> shift & _DELTA_MASK) * _ML_PER_L
        age_ns -= _HOUR_NS
        found.append(Snapshot((Reading("water.volume", "", millilitres, _ML),), clock_ns, age_ns, _HOUR_NS))
    return found
