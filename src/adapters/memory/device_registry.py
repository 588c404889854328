"""The registry of devices in memory."""

from collections.abc import Sequence

from application.errors import NotFound
from domain.device import Device
from domain.identifiers import DevEui


class MemoryDeviceRegistry:
    """Keeps the latest written version of each device."""

    def __init__(self) -> None:
        self._devices: dict[DevEui, Device] = {}

    async def register(self, devices: Sequence[Device]) -> None:
        for device in devices:
            before = self._devices.get(device.dev_eui)
            if before is None or before.written_us <= device.written_us:
                self._devices[device.dev_eui] = device

    async def get(self, device: DevEui) -> Device:
        try:
            return self._devices[device]
        except KeyError:
            raise NotFound(f"no device {device} is registered", dev_eui=device) from None

    async def page(self, *, size: int, after: str = "", device_type: str = "") -> Sequence[Device]:
        found = sorted(eui for eui, device in self._devices.items() if eui > after and _is(device, device_type))
        return [self._devices[eui] for eui in found[:size]]


def _is(device: Device, device_type: str) -> bool:
    return not device_type or device.device_type == device_type
