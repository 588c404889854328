"""A server that answers for metering points in memory."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import grpc

from adapters.grpc.changes import Changes
from adapters.grpc.import_service import import_service
from adapters.grpc.meter_service import Metering as Answering
from adapters.grpc.meter_service import meter_service
from adapters.grpc.registry_service import registry_service
from adapters.grpc.server import GrpcServer
from application.reading_import import ReadingImport
from stadtfunk.api.meter.v1.meter_service_pb2_grpc import MeterServiceStub
from tests.unit.adapters.grpc.platform import Listening
from tests.unit.application.metering import Metering


class MeteringServer(Metering):
    """The city's metering points behind gRPC."""

    def __init__(self) -> None:
        super().__init__()
        answering = Answering(self.records, self.consumption, self.read_outs, self.read_rates, self.exchanges)
        listening = Listening()
        changes = Changes("local", listening.host)
        more = [
            meter_service(answering),
            registry_service(self.records, self.clock, changes),
            import_service(ReadingImport(self.store, self.readings, self.clock), changes),
        ]
        self.server = GrpcServer(listening, self.readings, self.devices, self.states, more=more)

    @property
    def address(self) -> str:
        """Where the server listens."""
        return f"127.0.0.1:{self.server.port}"

    @asynccontextmanager
    async def running(self) -> AsyncIterator["MeteringServer"]:
        """Run the server, with a channel to it."""
        async with self.server, grpc.aio.insecure_channel(self.address) as channel:
            self.meters = MeterServiceStub(channel)
            yield self
