"""The gRPC server: starts, says how it is, and stops without leaving anybody waiting."""

from collections.abc import Sequence
from types import TracebackType
from typing import Self

import grpc
from grpc_health.v1 import health_pb2_grpc
from grpc_reflection.v1alpha import reflection

from adapters.grpc.device_service import DeviceService
from adapters.grpc.endpoint import Endpoint, listen
from adapters.grpc.health import SERVICE_NAME, Health, say_not_serving, say_serving
from adapters.grpc.interceptors import Deadline, Interceptor, OpenStreams, failures_as_status
from adapters.grpc.limits import Limits
from adapters.grpc.reading_service import ReadingService
from adapters.grpc.service import Service, service
from application.ports.device_registry import DeviceRegistry
from application.ports.device_states import DeviceStates
from application.ports.master_data import MasterData
from application.ports.reading_query import ReadingQuery
from stadtfunk.api.device.v1 import device_service_pb2
from stadtfunk.api.device.v1.device_service_pb2_grpc import add_DeviceServiceServicer_to_server
from stadtfunk.api.reading.v1 import reading_service_pb2
from stadtfunk.api.reading.v1.reading_service_pb2_grpc import add_ReadingServiceServicer_to_server

_LIMITS = Limits()
_UNWINDING_S = 2.0
"""For cancelled calls to let go of the stores, which are closed next."""
_OPTIONS: tuple[tuple[str, int], ...] = (
    # Without this a second server on the same port starts, and the two share the calls.
    ("grpc.so_reuseport", 0),
    # The largest request registers 1,000 devices with a kilobyte of labels each.
    ("grpc.max_receive_message_length", 2 * 1024 * 1024),
    ("grpc.max_metadata_size", 16 * 1024),
    # A client whose machine vanished is noticed after 60 + 20 s.
    ("grpc.keepalive_time_ms", 60_000),
    ("grpc.keepalive_timeout_ms", 20_000),
    # Clients may ask for signs of life themselves, but not more often.
    ("grpc.http2.min_recv_ping_interval_without_data_ms", 10_000),
    ("grpc.keepalive_permit_without_calls", 1),
    # A connection lasts half an hour, so that clients find new replicas; the calls on it may then take the 10 minutes
    # of the longest stream. A client that stopped reading loses its connection by then, and its call its slot.
    ("grpc.max_connection_age_ms", 30 * 60_000),
    ("grpc.max_connection_age_grace_ms", 10 * 60_000),
)


class GrpcServer:
    """Serves the API at ``endpoint`` between ``async with``."""

    def __init__(
        self,
        endpoint: Endpoint,
        readings: ReadingQuery,
        devices: DeviceRegistry,
        states: DeviceStates,
        limits: Limits = _LIMITS,
        *,
        records: MasterData | None = None,
        more: Sequence[Service] = (),
    ) -> None:
        """Take where to listen and what to answer from.

        ``records`` tell the data class of a device; ``more`` are services beside those of readings and devices.
        """
        self._endpoint = endpoint
        self._limits = limits
        reading_service = ReadingService(readings, devices, limits.most_readings, records)
        self._services = (
            service(
                reading_service_pb2.DESCRIPTOR, "ReadingService", add_ReadingServiceServicer_to_server, reading_service
            ),
            service(
                device_service_pb2.DESCRIPTOR,
                "DeviceService",
                add_DeviceServiceServicer_to_server,
                DeviceService(devices, states),
            ),
            *more,
        )
        self._names = tuple(each.name for each in self._services)
        self._health = Health()
        self._streams = OpenStreams(limits.most_streams, limits.most_watches, limits.longest_stream_s)
        deadline = Deadline(limits.longest_call_s)
        policies = (failures_as_status, deadline.kept, self._streams.limited)
        self._interceptor = Interceptor(*policies, longest_write_s=limits.longest_write_s)
        self._server: grpc.aio.Server | None = None
        self.port = 0
        """The port it listens on, once started."""

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.stop()

    async def start(self) -> None:
        """Listen and answer.

        Raises:
            Refused: it cannot listen where it should.
        """
        server = grpc.aio.server(
            interceptors=[self._interceptor],
            options=_OPTIONS,
            maximum_concurrent_rpcs=self._limits.most_calls,
        )
        for each in self._services:
            each.add(server)
        health_pb2_grpc.add_HealthServicer_to_server(self._health, server)
        reflection.enable_server_reflection((*self._names, SERVICE_NAME, reflection.SERVICE_NAME), server)
        self.port = listen(server, self._endpoint)
        await server.start()
        self._server = server
        await say_serving(self._health, self._names)

    async def retire(self) -> None:
        """Say that it does not serve any more and go on serving, until those who send clients here have noticed."""
        await say_not_serving(self._health)

    async def stop(self) -> None:
        """Stop: health first, then open streams, then calls in hand within the grace. Stopping twice is harmless."""
        if self._server is None:
            return
        await self.retire()
        self._streams.stop()
        await self._server.stop(self._endpoint.stop_grace_s)
        await self._interceptor.idle(_UNWINDING_S)

    async def wait_closed(self) -> None:
        """Wait until the server has stopped.

        Raises:
            Exception: it stopped by itself, with what ended it.
        """
        if self._server is not None:
            await self._server.wait_for_termination()
