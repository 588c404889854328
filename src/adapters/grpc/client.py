"""A client of the API for our own command line and tests: domain values come out, errors are one clear line."""

import asyncio
import ssl
from collections.abc import AsyncGenerator, Iterator, Sequence
from contextlib import aclosing, contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TypeVar, cast

import grpc
from msgspec import Struct

from adapters.grpc.client_errors import StreamEnded, as_application_error
from adapters.grpc.device_mapping import device, device_state
from adapters.grpc.reading_columns import stored_readings
from adapters.grpc.reading_mapping import stored_reading
from adapters.grpc.table_mapping import decoded, encoded, imported_of, merged_of, reading_message
from adapters.grpc.times import timestamp
from application.errors import Refused, Unavailable
from application.ports.reading_query import StoredReading
from application.reading_import import Given, Imported
from application.record_merge import Draft, Fields, Merged
from domain.device import Device, DeviceState
from domain.identifiers import DevEui
from stadtfunk.api.device.v1.device_service_pb2 import GetDeviceRequest, GetDeviceStateRequest, ListDevicesRequest
from stadtfunk.api.device.v1.device_service_pb2_grpc import DeviceServiceStub
from stadtfunk.api.reading.v1.import_service_pb2 import ImportReadingsRequest
from stadtfunk.api.reading.v1.import_service_pb2_grpc import ImportServiceStub
from stadtfunk.api.reading.v1.reading_service_pb2 import ListReadingsRequest, QueryReadingsRequest
from stadtfunk.api.reading.v1.reading_service_pb2_grpc import ReadingServiceStub
from stadtfunk.api.registry.v1.registry_service_pb2 import ListRecordsRequest, MergeRecordsRequest, Record
from stadtfunk.api.registry.v1.registry_service_pb2_grpc import RegistryServiceStub

_CALL_S = 10.0
"""Longer than a page takes, shorter than a person waits."""
_BATCH_S = 30.0
"""A thousand records are asked for and stored one after the other."""
_MESSAGE_S = 60.0
"""Between two messages of a stream: a store may look through a month of empty buckets, 18,000 at some ms each."""
_LARGEST_PAGE = 1_000
"""What the server gives at most."""
_Message = TypeVar("_Message")


class Wanted(Struct, frozen=True):
    """Which readings are wanted."""

    since_ns: int | None = None
    """First instant, inclusive; None: from the first reading on."""
    until_ns: int | None = None
    """Last instant, exclusive; None: to the last reading."""
    measurands: Sequence[str] = ()
    """Empty: all."""
    channels: Sequence[str] = ()
    """Empty: all; the empty text is the device itself."""
    known_at_ns: int | None = None
    """As they were known at that instant; None: as they are known now."""


EVERYTHING = Wanted()


class GrpcClient:
    """Asks the server at ``address`` (``host:port``) between ``async with``; with ``ca_file`` through TLS.

    ``call_s``: how long it waits for an answer, and for each message of a stream; None: as each kind of question may
    take.

    Every method raises:
        NotFound: the server does not know the device.
        Refused: the server does not understand the question.
        Unavailable: no server answers there, or it cannot answer now, or not in time.
    """

    def __init__(self, address: str, *, ca_file: str = "", call_s: float | None = None) -> None:
        self._address = address
        self._call_s = _CALL_S if call_s is None else call_s
        self._batch_s = _BATCH_S if call_s is None else call_s
        self._message_s = _MESSAGE_S if call_s is None else call_s
        self._ca_file = ca_file

    async def __aenter__(self) -> Self:
        if self._ca_file:
            credentials = grpc.ssl_channel_credentials(_read(self._ca_file))
            self._channel = grpc.aio.secure_channel(self._address, credentials)
        else:
            self._channel = grpc.aio.insecure_channel(self._address)
        self._readings = ReadingServiceStub(self._channel)
        self._devices = DeviceServiceStub(self._channel)
        self._registry = RegistryServiceStub(self._channel)
        self._imports = ImportServiceStub(self._channel)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._channel.close()

    async def list_readings(
        self,
        dev_eui: str,
        wanted: Wanted = EVERYTHING,
        *,
        limit: int = 50,
    ) -> list[StoredReading]:
        """Return the newest ``limit`` of the wanted readings of a device, newest first."""
        found: list[StoredReading] = []
        request = ListReadingsRequest(parent=f"devices/{dev_eui}")
        _ask(request, wanted)
        while len(found) < limit:
            request.page_size = min(limit - len(found), _LARGEST_PAGE)
            with self._errors():
                page = await self._readings.ListReadings(request, timeout=self._call_s)
            found.extend(stored_reading(message) for message in page.readings)
            request.page_token = page.next_page_token
            if not request.page_token:
                break
        return found

    async def query_readings(
        self,
        dev_euis: Sequence[str],
        wanted: Wanted = EVERYTHING,
    ) -> AsyncGenerator[list[StoredReading], None]:
        """Yield the wanted readings of each device in turn, up to 1,000 at a time, each time oldest first.

        However many they are: a stream that ends because it may not last longer is taken up where it ended.
        """
        request = QueryReadingsRequest(devices=[f"devices/{dev_eui}" for dev_eui in dev_euis])
        _ask(request, wanted)
        while True:
            begun_at = request.resume_token
            try:
                async with aclosing(self._messages(self._readings.QueryReadings(request))) as messages:
                    async for message in messages:
                        dev_eui = DevEui(message.device.removeprefix("devices/"))
                        readings = [stored for series in message.series for stored in stored_readings(dev_eui, series)]
                        request.resume_token = message.resume_token
                        yield sorted(readings, key=_oldest_first)
            except StreamEnded:
                if request.resume_token == begun_at:
                    raise  # nothing came: it would not come the next time either
            else:
                return

    async def list_devices(self, *, limit: int = 50, device_type: str = "") -> list[Device]:
        """Return the first ``limit`` devices by DevEUI, of one type if given."""
        found: list[Device] = []
        request = ListDevicesRequest(device_type=device_type)
        while len(found) < limit:
            request.page_size = min(limit - len(found), _LARGEST_PAGE)
            with self._errors():
                page = await self._devices.ListDevices(request, timeout=self._call_s)
            found.extend(device(message) for message in page.devices)
            request.page_token = page.next_page_token
            if not request.page_token:
                break
        return found

    async def merge_records(self, drafts: Sequence[Draft], *, dry_run: bool = False) -> list[Merged]:
        """Put what ``drafts`` say, up to 1,000, into what is known, or with ``dry_run`` only say what would change."""
        records = [Record(kind=each.kind, fields=encoded(each.fields)) for each in drafts]
        request = MergeRecordsRequest(records=records, validate_only=dry_run)
        with self._errors():
            answer = await self._registry.MergeRecords(request, timeout=self._batch_s)
        return [merged_of(result) for result in answer.results]

    async def list_records(self, kind: str, *, prefix: str = "") -> AsyncGenerator[list[Fields], None]:
        """Yield the fields of all records of a kind, a page at a time, by key."""
        request = ListRecordsRequest(kind=kind, prefix=prefix, page_size=_LARGEST_PAGE)
        while True:
            with self._errors():
                page = await self._registry.ListRecords(request, timeout=self._call_s)
            yield [decoded(record.fields) for record in page.records]
            request.page_token = page.next_page_token
            if not request.page_token:
                return

    async def import_readings(self, given: Sequence[Given], *, dry_run: bool = False) -> list[Imported]:
        """Store back-dated readings, up to 1,000, or with ``dry_run`` only say what would change."""
        request = ImportReadingsRequest(readings=[reading_message(each) for each in given], validate_only=dry_run)
        with self._errors():
            answer = await self._imports.ImportReadings(request, timeout=self._batch_s)
        return [imported_of(result) for result in answer.results]

    async def get_device(self, dev_eui: str) -> Device:
        """Return one device."""
        with self._errors():
            return device(
                await self._devices.GetDevice(GetDeviceRequest(name=f"devices/{dev_eui}"), timeout=self._call_s)
            )

    async def get_device_and_state(self, dev_eui: str) -> tuple[Device, DeviceState]:
        """Return one device and its state."""
        master = await self.get_device(dev_eui)
        request = GetDeviceStateRequest(name=f"devices/{dev_eui}/state")
        with self._errors():
            return master, device_state(await self._devices.GetDeviceState(request, timeout=self._call_s), master)

    async def _messages(self, call: "grpc.aio.UnaryStreamCall[Any, _Message]") -> AsyncGenerator[_Message, None]:
        """Yield the messages of a stream, each of which may keep us waiting; who leaves before the end ends it."""
        try:
            while True:
                with self._errors():
                    message = await self._next(call)
                if message is grpc.aio.EOF:
                    return
                yield cast("_Message", message)
        finally:
            call.cancel()

    async def _next(self, call: "grpc.aio.UnaryStreamCall[Any, _Message]") -> object:
        try:
            async with asyncio.timeout(self._message_s):
                return await call.read()
        except TimeoutError:
            text = (
                f"the stadtfunk at {self._address} sent nothing for {self._message_s:g} s: ask for less, or wait longer"
            )
            raise Unavailable(text) from None

    @contextmanager
    def _errors(self) -> Iterator[None]:
        try:
            yield
        except grpc.aio.AioRpcError as error:
            raise as_application_error(error, self._address) from None


def _ask(request: ListReadingsRequest | QueryReadingsRequest, wanted: Wanted) -> None:
    """Put what is ``wanted`` into ``request``."""
    if wanted.since_ns is not None:
        request.start_time.CopyFrom(timestamp(wanted.since_ns))
    if wanted.until_ns is not None:
        request.end_time.CopyFrom(timestamp(wanted.until_ns))
    if wanted.known_at_ns is not None:
        request.known_at_time.CopyFrom(timestamp(wanted.known_at_ns))
    request.measurands.extend(wanted.measurands)
    request.channels.extend(wanted.channels)


def _oldest_first(stored: StoredReading) -> tuple[int, str, str]:
    return stored.event_ns, stored.reading.measurand, stored.reading.channel


def _read(ca_file: str) -> bytes:
    try:
        ssl.create_default_context(cafile=ca_file)  # gRPC says in lines of its own on stderr what this says in one word
        return Path(ca_file).read_bytes()
    except ssl.SSLError:
        raise Refused(f"{ca_file!r} holds no certificate (PEM)", file=ca_file) from None
    except OSError as error:
        raise Refused(f"{ca_file!r}: {error.strerror or error}", file=ca_file) from None
