"""Axioma QALCOSONIC W1: an ultrasonic water meter that sends the registers of 24 hours.

Source: axioma/qalcosonic-w1 in the LoRaWAN Device Repository, the frame of 51 octets ("enhanced"); the status octet:
Axioma, "W1 Lora Payload (Long) Extended" V01.8, section 3. All little-endian.
"""

from collections.abc import Sequence
from itertools import pairwise
from struct import Struct as Layout

LOG_PORT = 100
HOURS = 24
"""Registers of a frame: the oldest whole, the others as what was added."""
_HEAD = Layout("<BIBI")
_VERSION = 1
_DELTA_BITS = 14
_LOG_OCTETS = 41
_LEAK = 0x30
"""Temporary error, and of its kinds the first."""


def status(*, leaks: bool) -> int:
    """Return the status octet of a meter that is well but for a leak behind it."""
    return _LEAK if leaks else 0


def log(clock_s: int, status_octet: int, litres: Sequence[int]) -> bytes:
    """Return the frame: clock (s since 1970), status, and the 24 registers, oldest first."""
    bits = 0
    for place, (before, after) in enumerate(pairwise(litres)):
        bits |= (after - before) << place * _DELTA_BITS
    return _HEAD.pack(_VERSION, clock_s, status_octet, litres[0]) + bits.to_bytes(_LOG_OCTETS, "little")
