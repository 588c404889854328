"""What processing remembers of a device, for people who look into it."""

from collections.abc import Collection, Mapping
from typing import Protocol

from domain.device import DeviceMemory
from domain.identifiers import DevEui


class DeviceMemories(Protocol):
    """As of the last write to where it is kept; processing may be a little ahead."""

    async def get(self, device: DevEui) -> DeviceMemory:
        """Return the memory of one device.

        Raises:
            NotFound: nothing is remembered of it.
            Unavailable: the store does not answer.
            WrongShape: another version wrote it.
        """

    async def some(self, devices: Collection[DevEui]) -> Mapping[DevEui, DeviceMemory]:
        """Return the memories of those of ``devices`` of which something is remembered.

        Raises:
            Unavailable: the store does not answer.
            WrongShape: another version wrote one.
        """
