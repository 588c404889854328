"""Windows and instants that requests ask for."""

from google.protobuf.message import Message
from google.protobuf.timestamp_pb2 import Timestamp

from adapters.grpc.times import EARLIEST_NS, LATEST_NS, bound
from domain.errors import InvalidValue


def instant(request: Message, field: str) -> int | None:
    """Return the instant in ``field``; None: not set.

    Raises:
        InvalidValue: it is no valid Timestamp.
    """
    if not request.HasField(field):
        return None
    given: Timestamp = getattr(request, field)
    return bound(given, field)


def window(request: Message) -> tuple[int, int]:
    """Return the window of ``start_time`` and ``end_time``; without an end it goes on beyond the present.

    Raises:
        InvalidValue: it has no begin, or ends before it begins.
    """
    if not request.HasField("start_time"):
        raise InvalidValue("start_time is missing", field="start_time", value="")
    return open_window(request)


def open_window(request: Message) -> tuple[int, int]:
    """Return the window of ``start_time`` and ``end_time``, either of which may be open.

    Raises:
        InvalidValue: it ends before it begins.
    """
    since_ns, until_ns = instant(request, "start_time"), instant(request, "end_time")
    whole = EARLIEST_NS if since_ns is None else since_ns, LATEST_NS if until_ns is None else until_ns
    _ordered(*whole)
    return whole


def _ordered(since_ns: int, until_ns: int) -> None:
    if until_ns < since_ns:
        raise InvalidValue("end_time is before start_time", field="end_time", value=str(until_ns))
