"""Instants: google.protobuf.Timestamp and integer nanoseconds since 1970-01-01 UTC, without loss."""

from google.protobuf.timestamp_pb2 import Timestamp

from domain.errors import InvalidValue
from domain.rfc3339 import LAST_S, NS_PER_S

EARLIEST_NS, LATEST_NS = -(2**63), 2**63 - 1
"""Instants are 64-bit integers in every store: from 1677 to 2262."""
_FIRST_S = -62_135_596_800
"""A Timestamp reaches from 0001-01-01T00:00:00Z to 9999-12-31T23:59:59Z (timestamp.proto)."""
_NS_PER_US = 1_000


def timestamp(ns: int) -> Timestamp:
    """Return the instant ``ns`` as a message."""
    seconds, nanos = divmod(ns, NS_PER_S)
    return Timestamp(seconds=seconds, nanos=nanos)


def timestamp_of_us(us: int) -> Timestamp | None:
    """Return the instant ``us`` (µs) as a message; 0 means that it is not known."""
    return timestamp(us * _NS_PER_US) if us else None


def nanoseconds(instant: Timestamp) -> int:
    """Return ``instant`` in ns."""
    return instant.seconds * NS_PER_S + instant.nanos


def microseconds(instant: Timestamp) -> int:
    """Return ``instant`` in µs."""
    return nanoseconds(instant) // _NS_PER_US


def bound(instant: Timestamp, field: str) -> int:
    """Return a bound of a range in ns; what no store can hold is brought to the nearest instant that it can.

    So the customary "end of time" 9999-12-31 is no mistake.

    Raises:
        InvalidValue: it is no valid Timestamp.
    """
    if not (_FIRST_S <= instant.seconds <= LAST_S and 0 <= instant.nanos < NS_PER_S):
        value = f"{instant.seconds} s {instant.nanos} ns"
        raise InvalidValue(f"{value} is outside 0001-01-01 to 9999-12-31", field=field, value=value)
    return min(max(nanoseconds(instant), EARLIEST_NS), LATEST_NS)
