"""Pieces that the messages of all network servers are put together from.

A message is put together from prepared pieces: building and encoding its objects would cost ten times as much.
"""

from binascii import b2a_base64
from datetime import date, timedelta
from functools import lru_cache

NS = 1_000_000_000
_DAY_S = 86_400
_EPOCH = date(1970, 1, 1)
LEVELS = 32
"""Signal levels a gateway hears one device at."""
COUNTER = 1 << 32
"""A gateway's µs counter wraps."""


def second(ns: int) -> str:
    """Return the second of ``ns`` as RFC 3339 text without its zone."""
    return _second(ns // NS)


def to_the_nanosecond(ns: int, zone: str) -> str:
    """Return ``ns`` as RFC 3339 text with nine fractional digits."""
    seconds, fraction = divmod(ns, NS)
    return f"{_second(seconds)}.{fraction:09d}{zone}"


@lru_cache(maxsize=64)  # the messages of a moment share a few seconds
def _second(seconds: int) -> str:
    days, rest = divmod(seconds, _DAY_S)
    minute, rest = divmod(rest, 60)
    return f"{_day(days)}T{minute // 60:02d}:{minute % 60:02d}:{rest:02d}"


@lru_cache(maxsize=8)
def _day(days: int) -> str:
    return (_EPOCH + timedelta(days)).isoformat()


def base64(octets: bytes) -> str:
    """Return ``octets`` as JSON of all network servers has them."""
    return b2a_base64(octets, newline=False).decode()


def signal(level: int) -> tuple[int, float]:
    """Return RSSI (dBm) and SNR (dB) of a level from 0 (near) to 31 (far)."""
    return -62 - 2 * level, 10.5 - 0.75 * level


def levels(chance: int, gateways: tuple[int, ...]) -> list[tuple[int, int]]:
    """Return each gateway with the level it hears a frame at, as ``chance`` (32 bits) has it."""
    heard = []
    for gateway in gateways:
        chance >>= 3
        heard.append((gateway, (chance + gateway) % LEVELS))
    return heard
