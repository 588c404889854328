"""A client of the class reading service for our own command line and tests."""

from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from typing import Self

from adapters.grpc.client import GrpcClient
from adapters.grpc.reading_columns import stored_class_readings
from adapters.grpc.times import timestamp
from application.ports.class_readings import place_of
from application.ports.reading_query import StoredReading
from stadtfunk.api.reading.v1.class_reading_service_pb2 import QueryClassReadingsRequest
from stadtfunk.api.reading.v1.class_reading_service_pb2_grpc import ClassReadingServiceStub


class ClassReadingClient(GrpcClient):
    """Asks the class reading service. Every method raises what those of ``GrpcClient`` raise."""

    async def __aenter__(self) -> Self:
        await super().__aenter__()
        self._by_class = ClassReadingServiceStub(self._channel)
        return self

    async def query_class_readings(
        self,
        data_class: str,
        since_ns: int,
        until_ns: int,
        *,
        measurands: Sequence[str] = (),
        device_types: Sequence[str] = (),
    ) -> AsyncGenerator[list[StoredReading], None]:
        """Yield the readings of a class, oldest first, up to 1,000 at a time."""
        request = QueryClassReadingsRequest(
            data_class=data_class,
            start_time=timestamp(since_ns),
            end_time=timestamp(until_ns),
            measurands=measurands,
            device_types=device_types,
        )
        async with aclosing(self._messages(self._by_class.QueryClassReadings(request))) as messages:
            async for message in messages:
                readings = [stored for series in message.series for stored in stored_class_readings(series)]
                yield sorted(readings, key=place_of)
