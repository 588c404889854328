"""A client of the device health service for our own command line and tests."""

from typing import Self

from msgspec import Struct

from adapters.grpc.bounds_mapping import duration_ns
from adapters.grpc.client import GrpcClient
from adapters.grpc.resource_names import device_of
from adapters.grpc.times import nanoseconds
from domain.identifiers import DevEui
from stadtfunk.api.device.v1 import device_health_service_pb2
from stadtfunk.api.device.v1.device_health_service_pb2 import ListSilentDevicesRequest
from stadtfunk.api.device.v1.device_health_service_pb2_grpc import DeviceHealthServiceStub

_LARGEST_PAGE = 1_000


class SilentDeviceAnswer(Struct, frozen=True):
    """A device that should have spoken, as the API tells of it."""

    dev_eui: DevEui
    zone: str
    since_ns: int
    """When it was heard last; if it never was, when it was installed."""
    never_heard: bool
    expected_interval_ns: int
    battery_percent: float | None
    battery_volts: float | None


class DeviceHealthClient(GrpcClient):
    """Asks the device health service. Every method raises what those of ``GrpcClient`` raise."""

    async def __aenter__(self) -> Self:
        await super().__aenter__()
        self._health = DeviceHealthServiceStub(self._channel)
        return self

    async def list_silent_devices(self, *, limit: int, zone: str = "") -> list[SilentDeviceAnswer]:
        """Return the first ``limit`` silent devices by DevEUI, of one zone if given."""
        found: list[SilentDeviceAnswer] = []
        request = ListSilentDevicesRequest(zone=zone)
        while len(found) < limit:
            request.page_size = min(limit - len(found), _LARGEST_PAGE)
            with self._errors():
                page = await self._health.ListSilentDevices(request, timeout=self._batch_s)
            found += [_answer(message) for message in page.silent_devices]
            request.page_token = page.next_page_token
            if not request.page_token:
                break
        return found


def _answer(message: device_health_service_pb2.SilentDevice) -> SilentDeviceAnswer:
    return SilentDeviceAnswer(
        device_of(message.device, "device"),
        message.zone,
        nanoseconds(message.since_time),
        message.never_heard,
        duration_ns(message.expected_interval),
        message.battery_percent if message.HasField("battery_percent") else None,
        message.battery_volts if message.HasField("battery_volts") else None,
    )
