"""Times of network servers: RFC 3339 text and integer nanoseconds since 1970-01-01 UTC, without loss.

Network servers write 0 to 9 fractional digits and ``Z`` or ``+00:00``; Go's writers trim trailing zeros
(RFC 3339, section 5.6). ``datetime`` keeps only six digits, so the fraction is handled as text here.
"""

from datetime import UTC, datetime, timedelta
from functools import lru_cache

from domain.errors import InvalidValue

NS_PER_S = 1_000_000_000
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_SECOND = timedelta(seconds=1)
_LENGTH_TO_SECONDS = len("2018-06-01T10:00:00")
_FRACTION_DIGITS = 9


def parse_rfc3339(text: str) -> int:
    """Return the instant that ``text`` names, in ns since 1970-01-01 UTC.

    Raises:
        InvalidValue: not an RFC 3339 time with a zone, or more than nine fractional digits.
    """
    head, tail = text[:_LENGTH_TO_SECONDS], text[_LENGTH_TO_SECONDS:]
    fraction, zone = 0, tail
    if tail[:1] == ".":
        digits = tail[1:].rstrip("Zz") if tail[-1:] in "Zz" else tail[1:].replace("-", "+").partition("+")[0]
        zone = tail[1 + len(digits) :]
        if not (digits.isascii() and digits.isdigit() and len(digits) <= _FRACTION_DIGITS):
            raise _not_a_time(text)
        fraction = int(digits.ljust(_FRACTION_DIGITS, "0"))
    try:
        instant = datetime.fromisoformat(head + zone.upper())  # a small z is as good (RFC 3339, 5.6), but not to Python
        return (instant - _EPOCH) // _SECOND * NS_PER_S + fraction
    except (ValueError, TypeError) as error:  # TypeError: no zone
        raise _not_a_time(text) from error


def format_rfc3339(ns: int) -> str:
    """Return ``ns`` as RFC 3339 text in UTC, fraction without trailing zeros."""
    seconds, fraction = divmod(ns, NS_PER_S)
    return f"{_head(seconds)}.{fraction:09d}".rstrip("0") + "Z" if fraction else f"{_head(seconds)}Z"


@lru_cache(maxsize=4_096)
def _head(seconds: int) -> str:
    """Return the text before the fraction; uplinks of one moment share it, and to make it costs 2 µs."""
    return (_EPOCH + timedelta(seconds=seconds)).strftime("%Y-%m-%dT%H:%M:%S")


def _not_a_time(text: str) -> InvalidValue:
    return InvalidValue(f"{text!r} is not a time: RFC 3339 with a zone expected", field="time", value=text)
