"""The city's radio: channels, airtime, and who hears whom."""

from functools import lru_cache
from math import ceil

from msgspec import Struct

CHANNELS = (868_100_000, 868_300_000, 868_500_000, 867_100_000, 867_300_000, 867_500_000, 867_700_000, 867_900_000)
"""Hz, by channel index: the eight of EU868 as The Things Network sets them."""
_BANDWIDTH = 125_000
_FRAME_OVERHEAD = 13
"""Octets around a payload: MHDR 1, FHDR 7, FPort 1, MIC 4 (TS001-1.0.4, section 4)."""
_PREAMBLE = 8 + 4.25
"""Symbols."""
_SLOW_FROM_SF = 11
"""Where the low data rate optimisation sets in."""
_FAR_FROM_SF, _FARTHEST_SF = 9, 12
_NEAR = (7,) * 32 + (8,) * 12 + (9,) * 8 + (10,) * 6 + (11,) * 4 + (12,) * 2
"""Spreading factors of 64 devices as a city's gateways give them: half of them SF7."""


class Gateway(Struct, frozen=True):
    """One of the city's gateways."""

    gateway_id: str
    eui: str
    latitude: str
    longitude: str


GATEWAYS = tuple(
    Gateway(
        f"ulm-gw-{number:02d}", f"0000024B0B{number:06X}", f"48.{38 + number % 5}{number:02d}", f"9.{95 + number % 5}"
    )
    for number in range(1, 25)
)
"""Two dozen on the roofs."""


@lru_cache(maxsize=4_096)  # six spreading factors, a few payload lengths
def airtime_ns(factor: int, payload: int) -> int:
    """Return how long a frame with ``payload`` octets is on the air at SF ``factor``.

    Source: Semtech AN1200.13, sections 4 and 5: explicit header, CRC, coding rate 4/5, 125 kHz.
    """
    slow = 2 if factor >= _SLOW_FROM_SF else 0
    bits = 8 * (payload + _FRAME_OVERHEAD) - 4 * factor + 28 + 16
    symbols = 8 + max(ceil(bits / (4 * (factor - slow))) * 5, 0)
    return round((_PREAMBLE + symbols) * (1 << factor) * 1_000_000_000 / _BANDWIDTH)


def spreading_factor(traits: int) -> int:
    """Return how far from its gateways a device is."""
    return _NEAR[traits >> 26]


@lru_cache(maxsize=4_096)
def _heard_by(nearest: int, number: int) -> tuple[int, ...]:
    return tuple((nearest + step * 7) % len(GATEWAYS) for step in range(number))


def hearing(traits: int, factor: int) -> tuple[int, ...]:
    """Return the gateways that hear a device, by index, the nearest first: far out fewer than in the middle."""
    number = 1 if factor == _FARTHEST_SF else 2 if factor >= _FAR_FROM_SF else 1 + traits % 3
    return _heard_by((traits >> 8) % len(GATEWAYS), number)
