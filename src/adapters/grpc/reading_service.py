"""stadtfunk.api.reading.v1.ReadingService: readings page by page, and streamed in columns."""

# ruff: noqa: ARG002, N802  names and arguments are the API's

from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import TypeAlias

from adapters.grpc.errors import StreamLimit
from adapters.grpc.interceptors import Context
from adapters.grpc.pagination import Tokens, page_size
from adapters.grpc.reading_columns import reading_series
from adapters.grpc.reading_filter import reading_filter
from adapters.grpc.reading_mapping import reading_message
from adapters.grpc.resource_names import device_name, device_of
from application.errors import NotFound
from application.ports.device_registry import DeviceRegistry
from application.ports.master_data import MasterData
from application.ports.reading_query import ReadingFilter, ReadingQuery, StoredReading
from domain.device import DeviceEntry
from domain.errors import InvalidValue
from domain.identifiers import DevEui
from stadtfunk.api.reading.v1.reading_service_pb2 import (
    ListReadingsRequest,
    ListReadingsResponse,
    QueryReadingsRequest,
    QueryReadingsResponse,
)
from stadtfunk.api.reading.v1.reading_service_pb2_grpc import ReadingServiceServicer

MOST_DEVICES = 1_000
"""Of one stream: 26 bytes each, so that a request stays below half of what the server takes."""

_Key: TypeAlias = tuple[int, str, str]
"""Event time (ns), measurand and channel: where a reading stands among those of its device."""
_Place: TypeAlias = tuple[str, _Key]
"""DevEUI and key of the last reading sent."""


class ReadingService(ReadingServiceServicer):
    """Answers from the store of observations."""

    def __init__(
        self, readings: ReadingQuery, devices: DeviceRegistry, most_readings: int, records: MasterData | None = None
    ) -> None:
        self._readings = readings
        self._records = records
        self._devices = devices
        self._most_readings = most_readings

    async def ListReadings(self, request: ListReadingsRequest, context: Context) -> ListReadingsResponse:
        """Answer one page."""
        device = device_of(request.parent, "parent")
        size = page_size(request.page_size)
        asked = reading_filter(request)
        tokens = Tokens(request, "page_token")
        after = tokens.place(tuple[int, str, str])
        # One more than the page holds says whether there is a next one.
        found = await self._readings.page(device, asked, size=size + 1, after=after)
        if not found and after is None:
            await self._devices.get(device)  # an unknown device is an error, a silent one is not
        page, said_class = found[:size], await self._said_class(device)
        return ListReadingsResponse(
            readings=[reading_message(stored, said_class) for stored in page],
            next_page_token=tokens.token(_key(page[-1])) if len(found) > size else "",
        )

    async def QueryReadings(
        self, request: QueryReadingsRequest, context: Context
    ) -> AsyncIterator[QueryReadingsResponse]:
        """Answer in columns, one message for each chunk of the store."""
        devices = _devices(request)
        asked = reading_filter(request)
        tokens = Tokens(request, "resume_token")
        sent, classes = 0, dict[DevEui, str]()
        async with _closed(self._chunks(devices, asked, tokens.place(tuple[str, _Key]))) as chunks:
            async for chunk in chunks:
                sent += len(chunk)
                if sent > self._most_readings:
                    message = f"a stream sends at most {self._most_readings} readings: go on with the last resume_token"
                    raise StreamLimit(message)
                device = chunk[0].dev_eui
                if device not in classes:
                    classes[device] = await self._said_class(device)
                yield QueryReadingsResponse(
                    device=device_name(device),
                    series=reading_series(chunk, classes[device]),
                    resume_token=tokens.token((device, _key(chunk[-1]))),
                )

    async def _said_class(self, device: DevEui) -> str:
        """Return what the registry says of the class of a device's readings; empty: nothing."""
        try:
            return (await self._records.get(DeviceEntry, device)).data_class if self._records is not None else ""
        except NotFound:
            return ""

    async def _chunks(
        self, devices: Sequence[DevEui], asked: ReadingFilter, after: _Place | None
    ) -> AsyncIterator[Sequence[StoredReading]]:
        """Yield chunks of one device each, beginning beyond ``after``."""
        if after is not None:
            index = devices.index(DevEui(after[0]))
            async for chunk in self._beyond(devices[index], asked, after[1]):
                yield chunk
            devices = devices[index + 1 :]
        async with _closed(self._readings.stream(devices, asked)) as chunks:
            async for chunk in chunks:
                if chunk:
                    yield chunk

    async def _beyond(self, device: DevEui, asked: ReadingFilter, last: _Key) -> AsyncIterator[Sequence[StoredReading]]:
        """Yield the readings of ``device`` after ``last``, some of whose instant have been sent."""
        rest = ReadingFilter(last[0], asked.until_ns, asked.measurands, asked.channels, asked.known_at_us)
        async with _closed(self._readings.stream([device], rest)) as chunks:
            async for chunk in chunks:
                unsent = [stored for stored in chunk if _key(stored) > last]
                if unsent:
                    yield unsent


def _key(stored: StoredReading) -> _Key:
    return stored.event_ns, stored.reading.measurand, stored.reading.channel


def _devices(request: QueryReadingsRequest) -> list[DevEui]:
    """Return the devices asked for, each once."""
    if not 0 < len(request.devices) <= MOST_DEVICES:
        count = len(request.devices)
        raise InvalidValue(f"{count} devices: 1 to {MOST_DEVICES} expected", field="devices", value=str(count))
    devices = (device_of(name, f"devices[{index}]") for index, name in enumerate(request.devices))
    return list(dict.fromkeys(devices))


@asynccontextmanager
async def _closed(
    chunks: AsyncIterator[Sequence[StoredReading]],
) -> AsyncIterator[AsyncIterator[Sequence[StoredReading]]]:
    """Close ``chunks`` when a client leaves before their end, so that the store's cursor is free at once."""
    try:
        yield chunks
    finally:
        if isinstance(chunks, AsyncGenerator):
            await chunks.aclose()
