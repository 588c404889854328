"""stadtfunk.api.device.v1.DeviceService: which devices there are, and how they are."""

# ruff: noqa: ARG002, N802  names and arguments are the API's

from adapters.grpc.device_mapping import device_message, state_message
from adapters.grpc.interceptors import Context
from adapters.grpc.pagination import Tokens, page_size
from adapters.grpc.resource_names import device_of, device_of_state
from application.ports.device_registry import DeviceRegistry
from application.ports.device_states import DeviceStates
from stadtfunk.api.device.v1.device_pb2 import Device, DeviceState
from stadtfunk.api.device.v1.device_service_pb2 import (
    GetDeviceRequest,
    GetDeviceStateRequest,
    ListDevicesRequest,
    ListDevicesResponse,
)
from stadtfunk.api.device.v1.device_service_pb2_grpc import DeviceServiceServicer


class DeviceService(DeviceServiceServicer):
    """Answers from the registry and the states."""

    def __init__(self, devices: DeviceRegistry, states: DeviceStates) -> None:
        self._devices = devices
        self._states = states

    async def GetDevice(self, request: GetDeviceRequest, context: Context) -> Device:
        """Answer one device."""
        return device_message(await self._devices.get(device_of(request.name, "name")))

    async def ListDevices(self, request: ListDevicesRequest, context: Context) -> ListDevicesResponse:
        """Answer one page."""
        size = page_size(request.page_size)
        tokens = Tokens(request, "page_token")
        after = tokens.place(str)
        # One more than the page holds says whether there is a next one.
        found = await self._devices.page(size=size + 1, after=after or "", device_type=request.device_type)
        page = found[:size]
        return ListDevicesResponse(
            devices=[device_message(device) for device in page],
            next_page_token=tokens.token(page[-1].dev_eui) if len(found) > size else "",
        )

    async def GetDeviceState(self, request: GetDeviceStateRequest, context: Context) -> DeviceState:
        """Answer the state of one device."""
        return state_message(await self._states.get(device_of_state(request.name, "name")))
