"""Instants within bounds, and durations, as the API carries them."""

from google.protobuf.duration_pb2 import Duration

from adapters.grpc.times import nanoseconds, timestamp
from domain.between import Between
from domain.rfc3339 import NS_PER_S
from stadtfunk.api.time.v1.time_bounds_pb2 import TimeBounds


def bounds_message(between: Between | None) -> TimeBounds | None:
    """Return ``between`` as a message; None for None."""
    if between is None:
        return None
    earliest_ns = between.earliest_ns
    return TimeBounds(
        earliest_time=None if earliest_ns is None else timestamp(earliest_ns),
        latest_time=timestamp(between.latest_ns),
    )


def between_of(message: TimeBounds) -> Between:
    """Return the bounds that ``message`` carries."""
    earliest_ns = nanoseconds(message.earliest_time) if message.HasField("earliest_time") else None
    return Between(earliest_ns, nanoseconds(message.latest_time))


def duration(ns: int) -> Duration:
    """Return a length of time as a message."""
    seconds, nanos = divmod(ns, NS_PER_S)
    return Duration(seconds=seconds, nanos=nanos)


def duration_ns(message: Duration) -> int:
    """Return the length of time that ``message`` carries, in ns."""
    return message.seconds * NS_PER_S + message.nanos
