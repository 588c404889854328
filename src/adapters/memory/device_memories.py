"""What processing remembers of devices, in memory."""

from collections.abc import Collection, Mapping

from application.errors import NotFound
from domain.device import DeviceMemory
from domain.identifiers import DevEui


class MemoryDeviceMemories:
    """Answers from what it was given."""

    def __init__(self, memories: Mapping[str, DeviceMemory]) -> None:
        self._memories = memories

    async def get(self, device: DevEui) -> DeviceMemory:
        try:
            return self._memories[device]
        except KeyError:
            raise NotFound(f"nothing is remembered of device {device}", dev_eui=device) from None

    async def some(self, devices: Collection[DevEui]) -> Mapping[DevEui, DeviceMemory]:
        return {device: self._memories[device] for device in devices if device in self._memories}

    async def heard_of(self, sources: Collection[str]) -> frozenset[str]:
        return frozenset(sources) & {name for each in self._memories.values() for name in each.accounts}
