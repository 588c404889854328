"""A server over a city in memory, and the clients that ask it of spots, lamps and positions."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import grpc

from adapters.grpc.device_health_client import DeviceHealthClient
from adapters.grpc.device_health_service import device_health_service
from adapters.grpc.lighting_client import LightingClient
from adapters.grpc.lighting_service import lighting_service
from adapters.grpc.parking_client import ParkingClient
from adapters.grpc.parking_service import parking_service
from adapters.grpc.position_client import PositionClient
from adapters.grpc.position_service import position_service
from adapters.grpc.server import GrpcServer
from adapters.memory.device_registry import MemoryDeviceRegistry
from application.burning_hours import LampHistories
from application.devices import Devices
from application.lighting import Lighting
from application.parking import Parking
from application.positions import Positions
from stadtfunk.api.lighting.v1.lighting_service_pb2_grpc import LightingServiceStub
from stadtfunk.api.parking.v1.parking_service_pb2_grpc import ParkingServiceStub
from stadtfunk.api.position.v1.position_service_pb2_grpc import PositionServiceStub
from tests.support.builders import DEV, a_device
from tests.unit.adapters.grpc.platform import Listening
from tests.unit.application.city import City
from tests.unit.application.counter_gaps import CounterGaps


class CityPlatform(City):
    """Ten hours after noon."""

    def __init__(self) -> None:
        super().__init__()
        self.now(600)
        devices = MemoryDeviceRegistry()
        self.devices = devices
        more = [
            parking_service(Parking(self.readings, self.states, self.records, CounterGaps(), self.clock)),
            lighting_service(
                Lighting(self.states, self.records, self.clock),
                LampHistories(self.readings, self.records, self.clock),
            ),
            device_health_service(Devices(self.states, self.records, self.clock)),
            position_service(Positions(self.readings, devices, self.records, self.clock)),
        ]
        self.server = GrpcServer(Listening(), self.readings, devices, self.states, more=more)

    @asynccontextmanager
    async def running(self) -> AsyncIterator["CityPlatform"]:
        """Run the server, with a channel to it and all clients."""
        await self.devices.register([a_device(DEV)])
        async with self.server:
            address = f"127.0.0.1:{self.server.port}"
            async with (
                grpc.aio.insecure_channel(address) as channel,
                ParkingClient(address) as self.parking,
                LightingClient(address) as self.lighting,
                PositionClient(address) as self.positions,
                DeviceHealthClient(address) as self.health,
            ):
                self.parking_stub = ParkingServiceStub(channel)
                self.lighting_stub = LightingServiceStub(channel)
                self.position_stub = PositionServiceStub(channel)
                yield self
