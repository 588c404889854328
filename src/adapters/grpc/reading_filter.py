"""Which readings a request asks for."""

from google.protobuf.timestamp_pb2 import Timestamp

from adapters.grpc.times import EARLIEST_NS, LATEST_NS, bound
from application.ports.reading_query import ReadingFilter
from domain.errors import InvalidValue
from domain.observation import MEASURANDS
from stadtfunk.api.reading.v1.reading_service_pb2 import ListReadingsRequest, QueryReadingsRequest

_NS_PER_US = 1_000
Request = ListReadingsRequest | QueryReadingsRequest


def reading_filter(request: Request) -> ReadingFilter:
    """Return what ``request`` asks for.

    Raises:
        InvalidValue: a time is no time, the range ends before it starts, or a measurand is unknown.
    """
    since_ns = _bound_or(request, request.start_time, "start_time", EARLIEST_NS)
    until_ns = _bound_or(request, request.end_time, "end_time", LATEST_NS)
    if until_ns < since_ns:
        raise InvalidValue("end_time is before start_time", field="end_time", value=str(until_ns))
    channels = frozenset(request.channels) if request.channels else None
    known_at = request.HasField("known_at_time")
    known_at_us = bound(request.known_at_time, "known_at_time") // _NS_PER_US if known_at else None
    return ReadingFilter(since_ns, until_ns, _measurands(request), channels, known_at_us)


def _bound_or(request: Request, instant: Timestamp, field: str, default_ns: int) -> int:
    return bound(instant, field) if request.HasField(field) else default_ns  # type: ignore[arg-type]  # a literal name


def _measurands(request: Request) -> frozenset[str]:
    """Return the measurands asked for: a misspelt one would silently find nothing."""
    for index, name in enumerate(request.measurands):
        if name not in MEASURANDS:
            message = f"{name!r} is no measurand of the catalogue"
            raise InvalidValue(message, field=f"measurands[{index}]", value=name)
    return frozenset(request.measurands)
