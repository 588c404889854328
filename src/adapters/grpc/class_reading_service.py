"""stadtfunk.api.reading.v1.ClassReadingService: readings of all devices by data class and time, in columns."""

# ruff: noqa: ARG002, N802  names and arguments are the API's

from collections.abc import AsyncGenerator, AsyncIterator, Sequence

from adapters.grpc.errors import StreamLimit
from adapters.grpc.interceptors import Context
from adapters.grpc.limits import Limits
from adapters.grpc.pagination import Tokens
from adapters.grpc.reading_columns import class_series
from adapters.grpc.service import Service, service
from adapters.grpc.windows import window
from application.ports.class_readings import ClassFilter, ClassReadings, place_of
from application.ports.reading_query import StoredReading
from domain.errors import InvalidValue
from domain.observation import MEASURANDS, DataClass
from stadtfunk.api.reading.v1 import class_reading_service_pb2
from stadtfunk.api.reading.v1.class_reading_service_pb2 import (
    QueryClassReadingsRequest,
    QueryClassReadingsResponse,
)
from stadtfunk.api.reading.v1.class_reading_service_pb2_grpc import (
    ClassReadingServiceServicer,
    add_ClassReadingServiceServicer_to_server,
)

_LONGEST_NS = 31 * 86_400 * 1_000_000_000
"""A store may look into every bucket of a span: of 4 shards and ten minutes they are 18,000 in a month."""
_LIMITS = Limits()


class ClassReadingService(ClassReadingServiceServicer):
    """Answers from the store of observations."""

    def __init__(self, readings: ClassReadings, most_readings: int = _LIMITS.most_readings) -> None:
        self._readings = readings
        self._most_readings = most_readings

    async def QueryClassReadings(
        self, request: QueryClassReadingsRequest, context: Context
    ) -> AsyncIterator[QueryClassReadingsResponse]:
        """Answer in columns, one message for each chunk of the store."""
        tokens = Tokens(request, "resume_token")
        asked = _asked(request, tokens)
        sent = 0
        chunks = self._readings.stream(asked)
        try:
            async for chunk in chunks:
                sent += len(chunk)
                if sent > self._most_readings:
                    message = f"a stream sends at most {self._most_readings} readings: go on with the last resume_token"
                    raise StreamLimit(message)
                yield _message(chunk, tokens)
        finally:
            # A client that leaves before the end lets go of the store at once.
            if isinstance(chunks, AsyncGenerator):
                await chunks.aclose()


def class_reading_service(readings: ClassReadings) -> Service:
    """Return the service, ready to be served."""
    file = class_reading_service_pb2.DESCRIPTOR
    servicer = ClassReadingService(readings)
    return service(file, "ClassReadingService", add_ClassReadingServiceServicer_to_server, servicer)


def _message(chunk: Sequence[StoredReading], tokens: Tokens) -> QueryClassReadingsResponse:
    return QueryClassReadingsResponse(series=class_series(chunk), resume_token=tokens.token(place_of(chunk[-1])))


def _asked(request: QueryClassReadingsRequest, tokens: Tokens) -> ClassFilter:
    """Return what ``request`` asks for.

    Raises:
        InvalidValue: no such class or measurand, or a window that is missing, open, or too long.
    """
    if not request.HasField("end_time"):
        raise InvalidValue("end_time is missing", field="end_time", value="")
    since_ns, until_ns = window(request)
    if until_ns - since_ns > _LONGEST_NS:
        raise InvalidValue("end_time is more than 31 days after start_time", field="end_time", value=str(until_ns))
    return ClassFilter(
        _data_class(request.data_class),
        since_ns,
        until_ns,
        _measurands(request.measurands),
        frozenset(request.device_types),
        tokens.place(tuple[int, str, str, str]),
    )


def _data_class(name: str) -> DataClass:
    try:
        return DataClass(name)
    except ValueError:
        known = ", ".join(each.value for each in DataClass)
        message = f"{name!r} is no data class: one of {known} expected"
        raise InvalidValue(message, field="data_class", value=name) from None


def _measurands(names: Sequence[str]) -> frozenset[str]:
    for index, name in enumerate(names):
        if name not in MEASURANDS:
            message = f"{name!r} is no measurand of the catalogue"
            raise InvalidValue(message, field=f"measurands[{index}]", value=name)
    return frozenset(names)
