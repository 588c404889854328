"""stadtfunk.api.device.v1.DeviceHealthService: which devices need somebody to look after them."""

# ruff: noqa: ARG002, N802  names and arguments are the API's

from adapters.grpc.bounds_mapping import duration
from adapters.grpc.interceptors import Context
from adapters.grpc.pagination import Tokens, page_size
from adapters.grpc.resource_names import device_name
from adapters.grpc.service import Service, service
from adapters.grpc.times import timestamp
from application.devices import Devices
from application.devices import SilentDevice as Silent
from domain.device import DeviceState
from domain.rfc3339 import NS_PER_S
from stadtfunk.api.device.v1 import device_health_service_pb2
from stadtfunk.api.device.v1.device_health_service_pb2 import (
    ListSilentDevicesRequest,
    ListSilentDevicesResponse,
    SilentDevice,
)
from stadtfunk.api.device.v1.device_health_service_pb2_grpc import (
    DeviceHealthServiceServicer,
    add_DeviceHealthServiceServicer_to_server,
)


class DeviceHealthService(DeviceHealthServiceServicer):
    """Answers what ``Devices`` says."""

    def __init__(self, devices: Devices) -> None:
        self._devices = devices

    async def ListSilentDevices(self, request: ListSilentDevicesRequest, context: Context) -> ListSilentDevicesResponse:
        """Answer one page."""
        size = page_size(request.page_size)
        tokens = Tokens(request, "page_token")
        # One more than the page holds says whether there is a next one.
        found = await self._devices.silent(size=size + 1, after=tokens.place(str) or "", zone=request.zone)
        page = found[:size]
        return ListSilentDevicesResponse(
            silent_devices=[_message(silent) for silent in page],
            next_page_token=tokens.token(page[-1].entry.dev_eui) if len(found) > size else "",
        )


def device_health_service(devices: Devices) -> Service:
    """Return the service, ready to be served."""
    file = device_health_service_pb2.DESCRIPTOR
    servicer = DeviceHealthService(devices)
    return service(file, "DeviceHealthService", add_DeviceHealthServiceServicer_to_server, servicer)


def _message(silent: Silent) -> SilentDevice:
    return SilentDevice(
        device=device_name(silent.entry.dev_eui),
        zone=silent.entry.zone,
        since_time=timestamp(silent.since_ns),
        never_heard=silent.state is None,
        expected_interval=duration(silent.entry.expected_interval_s * NS_PER_S),
        battery_percent=_latest(silent.state, "device.battery.level"),
        battery_volts=_latest(silent.state, "device.battery.voltage"),
    )


def _latest(state: DeviceState | None, measurand: str) -> float | None:
    """Return what a device said last of ``measurand``, of itself; None: it has not."""
    for each in state.latest if state is not None else ():
        if each.measurand == measurand and not each.channel and isinstance(each.value, int | float):
            return float(each.value)
    return None
