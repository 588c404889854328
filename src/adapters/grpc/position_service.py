"""stadtfunk.api.position.v1.PositionService: where devices are, and where they have been."""

# ruff: noqa: ARG002, N802  names and arguments are the API's

from adapters.grpc.interceptors import Context
from adapters.grpc.pagination import Tokens, page_size
from adapters.grpc.resource_names import device_name, device_of
from adapters.grpc.service import Service, service
from adapters.grpc.times import timestamp
from adapters.grpc.value_mapping import position_message
from adapters.grpc.windows import instant, open_window
from application.positions import DevicePosition as Found
from application.positions import Positions
from domain.errors import InvalidValue
from domain.identifiers import DevEui
from domain.position import Fix as Fixed
from stadtfunk.api.position.v1 import position_service_pb2
from stadtfunk.api.position.v1.position_service_pb2 import (
    DevicePosition,
    Fix,
    GetDevicePositionRequest,
    ListFixesRequest,
    ListFixesResponse,
)
from stadtfunk.api.position.v1.position_service_pb2_grpc import (
    PositionServiceServicer,
    add_PositionServiceServicer_to_server,
)

_POSITION = "/position"


class PositionService(PositionServiceServicer):
    """Answers what ``Positions`` says."""

    def __init__(self, positions: Positions) -> None:
        self._positions = positions

    async def GetDevicePosition(self, request: GetDevicePositionRequest, context: Context) -> DevicePosition:
        """Answer where one device is."""
        device = _device_of_position(request.name)
        return _position(await self._positions.position(device, instant(request, "state_time")))

    async def ListFixes(self, request: ListFixesRequest, context: Context) -> ListFixesResponse:
        """Answer one page."""
        device = device_of(request.parent, "parent")
        size = page_size(request.page_size)
        since_ns, until_ns = open_window(request)
        tokens = Tokens(request, "page_token")
        after = tokens.place(int)
        since_ns = since_ns if after is None else after + 1
        # One more than the page holds says whether there is a next one.
        found = await self._positions.track(device, since_ns, until_ns, most=size + 1)
        page = found[:size]
        return ListFixesResponse(
            fixes=[_fix(fix) for fix in page],
            next_page_token=tokens.token(page[-1].event_ns) if len(found) > size else "",
        )


def position_service(positions: Positions) -> Service:
    """Return the service, ready to be served."""
    file = position_service_pb2.DESCRIPTOR
    return service(file, "PositionService", add_PositionServiceServicer_to_server, PositionService(positions))


def _device_of_position(name: str) -> DevEui:
    if not name.endswith(_POSITION):
        raise InvalidValue(f"{name!r} is not devices/{{dev_eui}}/position", field="name", value=name)
    return device_of(name.removesuffix(_POSITION), "name")


def _position(found: Found) -> DevicePosition:
    best = found.best
    event_ns = best.event_ns if best is not None else None
    return DevicePosition(
        name=device_name(found.dev_eui) + _POSITION,
        state_time=timestamp(found.at_ns),
        position=position_message(best.place) if best is not None else None,
        event_time=None if event_ns is None else timestamp(event_ns),
        installed=best is not None and best.is_installed,
        data_class=found.data_class,
    )


def _fix(fix: Fixed) -> Fix:
    return Fix(event_time=timestamp(fix.event_ns), position=position_message(fix.place))
