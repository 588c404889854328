"""What processing remembers of a device, for people who look into it."""

from collections.abc import Collection, Mapping
from typing import Protocol

from domain.device import DeviceMemory
from domain.identifiers import DevEui


class DeviceMemories(Protocol):
    """As of the last write to where it is kept; processing may be a little ahead.

    Promises: tests/contract/device_memories.py.
    """

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

    async def heard_of(self, sources: Collection[str]) -> frozenset[str]:
        """Return those of ``sources`` that have a frame account of any device, however long they have been gone.

        One that nobody ever heard costs a look at the memories of all devices.

        Raises:
            Unavailable: the store does not answer.
            WrongShape: another version wrote one.
        """
