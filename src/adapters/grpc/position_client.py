"""A client of the position service for our own command line and tests."""

from typing import Self

from adapters.grpc.client import GrpcClient
from adapters.grpc.resource_names import device_name
from adapters.grpc.times import nanoseconds, timestamp
from adapters.grpc.value_mapping import position_of
from application.positions import DevicePosition
from domain.identifiers import DevEui
from domain.observation import DataClass
from domain.position import BestPosition, Fix
from stadtfunk.api.position.v1 import position_service_pb2
from stadtfunk.api.position.v1.position_service_pb2 import GetDevicePositionRequest, ListFixesRequest
from stadtfunk.api.position.v1.position_service_pb2_grpc import PositionServiceStub

_LARGEST_PAGE = 1_000


class PositionClient(GrpcClient):
    """Asks the position service. Every method raises what those of ``GrpcClient`` raise."""

    async def __aenter__(self) -> Self:
        await super().__aenter__()
        self._positions = PositionServiceStub(self._channel)
        return self

    async def get_position(self, device: DevEui) -> DevicePosition:
        """Return where a device is now."""
        request = GetDevicePositionRequest(name=f"{device_name(device)}/position")
        with self._errors():
            answer = await self._positions.GetDevicePosition(request, timeout=self._call_s)
        return DevicePosition(device, nanoseconds(answer.state_time), _best(answer), DataClass(answer.data_class))

    async def list_fixes(self, device: DevEui, *, since_ns: int | None, until_ns: int | None, limit: int) -> list[Fix]:
        """Return the first ``limit`` fixes of a device in a window, oldest first."""
        found: list[Fix] = []
        request = ListFixesRequest(parent=device_name(device))
        if since_ns is not None:
            request.start_time.CopyFrom(timestamp(since_ns))
        if until_ns is not None:
            request.end_time.CopyFrom(timestamp(until_ns))
        while len(found) < limit:
            request.page_size = min(limit - len(found), _LARGEST_PAGE)
            with self._errors():
                page = await self._positions.ListFixes(request, timeout=self._call_s)
            found += [Fix(nanoseconds(each.event_time), position_of(each.position)) for each in page.fixes]
            request.page_token = page.next_page_token
            if not request.page_token:
                break
        return found


def _best(answer: position_service_pb2.DevicePosition) -> BestPosition | None:
    if not answer.HasField("position"):
        return None
    event_ns = nanoseconds(answer.event_time) if answer.HasField("event_time") else None
    return BestPosition(position_of(answer.position), event_ns, answer.installed)
