"""A server over a loss ledger in memory, with a client of it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import grpc

from adapters.grpc.loss_client import LossClient
from adapters.grpc.loss_service import loss_service
from adapters.grpc.server import GrpcServer
from adapters.memory.device_registry import MemoryDeviceRegistry
from adapters.memory.device_states import MemoryDeviceStates
from adapters.memory.loss_days import MemoryLossDays
from adapters.memory.observation_store import MemoryObservationStore
from adapters.memory.reading_query import MemoryReadingQuery
from application.losses import Losses
from stadtfunk.api.loss.v1.loss_service_pb2_grpc import LossServiceStub
from tests.support.builders import NOON_NS
from tests.support.clock import FakeClock
from tests.unit.adapters.grpc.platform import Listening


class LossServer:
    """Noon of 2026-01-01."""

    def __init__(self) -> None:
        self.rows = MemoryLossDays()
        clock = FakeClock(now_us=NOON_NS // 1_000)
        self.store = MemoryObservationStore()
        self.registry = MemoryDeviceRegistry()
        readings = MemoryReadingQuery(self.store)
        more = [loss_service(Losses(self.rows), clock)]
        self.server = GrpcServer(Listening(), readings, self.registry, MemoryDeviceStates(), more=more)

    @property
    def address(self) -> str:
        """Where it listens."""
        return f"127.0.0.1:{self.server.port}"

    @asynccontextmanager
    async def running(self) -> AsyncIterator["LossServer"]:
        """Run the server, with a stub and a client."""
        async with self.server, grpc.aio.insecure_channel(self.address) as channel:
            self.stub = LossServiceStub(channel)
            async with LossClient(self.address) as self.client:
                yield self
