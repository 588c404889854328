"""Times of network servers: RFC 3339 text and integer nanoseconds since 1970-01-01 UTC, without loss.

Network servers write 0 to 9 fractional digits and ``Z`` or ``+00:00``; Go's writers trim trailing zeros
(RFC 3339, section 5.6). ``datetime`` keeps only six digits, so the fraction is handled as text here. It also reads
much that is no RFC 3339 (weeks, commas, times without dashes), so the form is checked before.
"""

import re
from datetime import UTC, datetime, timedelta
from functools import lru_cache

from domain.errors import InvalidValue

NS_PER_S = 1_000_000_000
LAST_S = 253_402_300_799
"""The last second that can be told as a time, 9999-12-31T23:59:59Z (RFC 3339, section 1)."""
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_SECOND = timedelta(seconds=1)
_FRACTION_DIGITS = 9
_STEPS_NS: dict[int, int] = {digits: 10 ** (_FRACTION_DIGITS - digits) for digits in range(1, _FRACTION_DIGITS + 1)}
"""What the last digit of a fraction counts, by the number of its digits."""
_POINT = len("1970-01-01T00:00:00")
"""Where the point before a fraction stands."""
_TIME = re.compile(r"(\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?([Zz]|[+-]\d\d:\d\d)", re.ASCII)


def parse_rfc3339(text: str) -> int:
    """Return the instant that ``text`` names, in ns since 1970-01-01 UTC.

    Raises:
        InvalidValue: not an RFC 3339 time with a zone, or more than nine fractional digits.
    """
    # As network servers write nearly all of them; what is written otherwise is looked at below.
    if text[-1:] == "Z":
        fraction = text[_POINT + 1 : -1]
    elif text[-6:] == "+00:00":  # ChirpStack
        fraction = text[_POINT + 1 : -6]
    else:
        return _parsed(text)
    if fraction.isdecimal() and text.isascii():
        step_ns, whole_ns = _STEPS_NS.get(len(fraction)), _whole_ns(text[: _POINT + 1])
        if step_ns and whole_ns is not None:
            return whole_ns + int(fraction) * step_ns
    return _parsed(text)


def format_rfc3339(ns: int) -> str:
    """Return ``ns`` as RFC 3339 text in UTC, fraction without trailing zeros."""
    seconds, fraction = divmod(ns, NS_PER_S)
    if not fraction:
        return f"{_head(seconds)}Z"
    digits = str(NS_PER_S + fraction)[1:].rstrip("0")  # cheaper than a format with leading zeros
    return f"{_head(seconds)}.{digits}Z"


def _parsed(text: str) -> int:
    """Return the instant of a time with any zone, in any spelling; raises as ``parse_rfc3339``."""
    found = _TIME.fullmatch(text)
    if found is None:
        raise _not_a_time(text)
    head, fraction, zone = found.groups()
    try:
        seconds = _seconds(head + zone)
    except ValueError as error:
        raise _not_a_time(text) from error
    return seconds * NS_PER_S + int((fraction or "0").ljust(_FRACTION_DIGITS, "0"))


@lru_cache(maxsize=4_096)
def _whole_ns(head: str) -> int | None:
    """Return what a time in UTC up to the point before its fraction names, in ns since 1970; None: it names none.

    Uplinks of one moment share it.
    """
    try:
        return _parsed(f"{head}0Z")
    except InvalidValue:
        return None


@lru_cache(maxsize=4_096)
def _seconds(text: str) -> int:
    """Return the seconds since 1970 that ``text``, without a fraction, names; uplinks of one moment share it.

    Raises:
        ValueError: there is no such day or time.
    """
    # A small z is as good (RFC 3339, 5.6), but not to Python.
    return (datetime.fromisoformat(text.upper()) - _EPOCH) // _SECOND


@lru_cache(maxsize=4_096)
def _head(seconds: int) -> str:
    """Return the text before the fraction; uplinks of one moment share it, and to make it costs 2 µs."""
    return (_EPOCH + timedelta(seconds=seconds)).strftime("%Y-%m-%dT%H:%M:%S")


def _not_a_time(text: str) -> InvalidValue:
    return InvalidValue(f"{text!r} is not a time: RFC 3339 with a zone expected", field="time", value=text)
