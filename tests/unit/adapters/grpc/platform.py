"""A server on stores in memory, and what a test needs to ask it."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

import grpc
from google.rpc.error_details_pb2 import (  # type: ignore[import-untyped]  # its stubs come without py.typed
    BadRequest,
    ErrorInfo,
    RequestInfo,
    RetryInfo,
)
from google.rpc.status_pb2 import Status  # type: ignore[import-untyped]  # likewise
from msgspec import Struct

from adapters.grpc.changes import Changes
from adapters.grpc.import_service import import_service
from adapters.grpc.limits import Limits
from adapters.grpc.registry_service import registry_service
from adapters.grpc.server import GrpcServer
from adapters.memory.device_registry import MemoryDeviceRegistry
from adapters.memory.device_states import MemoryDeviceStates
from adapters.memory.master_data import MemoryMasterData
from adapters.memory.observation_store import MemoryObservationStore
from adapters.memory.reading_query import MemoryReadingQuery
from application.ports.device_registry import DeviceRegistry
from application.ports.reading_query import ReadingQuery
from application.reading_import import ReadingImport
from domain.observation import Observation
from stadtfunk.api.device.v1.device_service_pb2_grpc import DeviceServiceStub
from stadtfunk.api.reading.v1.reading_service_pb2_grpc import ReadingServiceStub
from tests.support.builders import NOON_NS, a_device, an_observation
from tests.support.clock import FakeClock


class Listening(Struct, frozen=True):
    """Settings of a server for tests: any free port of this machine."""

    host: str = "127.0.0.1"
    port: int = 0
    insecure: bool = False
    certificate_file: str = ""
    key_file: str = ""
    stop_grace_s: float = 5.0


class Platform:
    """Stores in memory, a server over them, and the stubs of a client; ``readings`` and ``registry`` may be faulty."""

    def __init__(
        self,
        limits: Limits = Limits(),  # noqa: B008  frozen
        readings: ReadingQuery | None = None,
        registry: DeviceRegistry | None = None,
        listening: Listening = Listening(),  # noqa: B008  frozen
        changes: str = "local",
    ) -> None:
        self.store = MemoryObservationStore()
        self.registry = MemoryDeviceRegistry()
        self.states = MemoryDeviceStates()
        self.records = MemoryMasterData()
        self.clock = FakeClock(now_us=NOON_NS // 1_000)
        query = readings or MemoryReadingQuery(self.store)
        allowed = Changes(changes, listening.host)
        more = [
            registry_service(self.records, self.clock, allowed),
            import_service(ReadingImport(self.store, query, self.clock), allowed),
        ]
        self.server = GrpcServer(
            listening,
            query,
            registry or self.registry,
            self.states,
            limits,
            records=self.records,
            more=more,
        )

    @property
    def address(self) -> str:
        """Where the server listens."""
        return f"127.0.0.1:{self.server.port}"

    @asynccontextmanager
    async def running(self) -> AsyncIterator["Platform"]:
        """Run the server, with a channel to it."""
        async with self.server, grpc.aio.insecure_channel(self.address) as self.channel:
            self.readings = ReadingServiceStub(self.channel)
            self.devices = DeviceServiceStub(self.channel)
            yield self

    async def stored(self, *observations: Observation) -> None:
        """Store ``observations`` of registered devices."""
        await self.store.write(observations)
        await self.registry.register([a_device(each.dev_eui) for each in observations])


class Explained(Struct, frozen=True):
    """What a client is told of an error."""

    code: grpc.StatusCode
    reason: str
    message: str
    metadata: dict[str, str]
    fields: list[str]
    request_id: str
    retry: bool


def explained(error: grpc.aio.AioRpcError) -> Explained:
    """Return what ``error`` tells, from its rich status."""
    status = Status.FromString(dict(error.trailing_metadata() or ())["grpc-status-details-bin"])
    info, bad, request, retry = ErrorInfo(), BadRequest(), RequestInfo(), RetryInfo()
    unpacked = [kind for kind in (info, bad, request, retry) if any(detail.Unpack(kind) for detail in status.details)]
    assert info.domain == "stadtfunk"
    assert status.code == error.code().value[0]
    assert status.message == error.details()
    return Explained(
        error.code(),
        info.reason,
        status.message,
        dict(info.metadata),
        [violation.field for violation in bad.field_violations],
        request.request_id,
        retry in unpacked,
    )


def every_quarter(count: int, dev_eui: str, start_ns: int = NOON_NS) -> Sequence[Observation]:
    """Return ``count`` observations of a device, a quarter of an hour apart."""
    step_ns = 900 * 1_000_000_000
    return [
        an_observation(dev_eui=dev_eui, event_ns=start_ns + step_ns * number, f_cnt=number) for number in range(count)
    ]
