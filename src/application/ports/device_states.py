"""The states of devices."""

from collections.abc import Sequence
from typing import Protocol

from domain.device import DeviceState
from domain.identifiers import DevEui


class DeviceStates(Protocol):
    """Promises: tests/contract/device_states.py."""

    async def write(self, states: Sequence[DeviceState]) -> None:
        """Store ``states``; of two states of one device the later written stays.

        Raises:
            Unavailable: not all could be stored; give all again.
        """

    async def get(self, device: DevEui) -> DeviceState:
        """Return the state of one device.

        Raises:
            NotFound: it was never heard.
            Unavailable: the store does not answer.
        """
