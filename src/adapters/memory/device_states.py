"""The states of devices in memory."""

from collections.abc import Sequence

from application.errors import NotFound
from domain.device import DeviceState
from domain.identifiers import DevEui


class MemoryDeviceStates:
    """Keeps the latest written state of each device."""

    def __init__(self) -> None:
        self._states: dict[DevEui, DeviceState] = {}

    async def write(self, states: Sequence[DeviceState]) -> None:
        for state in states:
            before = self._states.get(state.dev_eui)
            if before is None or before.written_us <= state.written_us:
                self._states[state.dev_eui] = state

    async def get(self, device: DevEui) -> DeviceState:
        try:
            return self._states[device]
        except KeyError:
            raise NotFound(f"device {device} was never heard", dev_eui=device) from None
