"""The registry of devices."""

from collections.abc import Sequence
from typing import Protocol

from domain.device import Device
from domain.identifiers import DevEui


class DeviceRegistry(Protocol):
    """Promises: tests/contract/device_registry.py."""

    async def register(self, devices: Sequence[Device]) -> None:
        """Store ``devices``; of two versions of one the later written stays.

        Raises:
            Unavailable: not all could be stored; give all again.
        """

    async def get(self, device: DevEui) -> Device:
        """Return one device.

        Raises:
            NotFound: it never registered.
            Unavailable: the registry does not answer.
        """

    async def page(self, *, size: int, after: str = "", device_type: str = "") -> Sequence[Device]:
        """Return up to ``size`` devices by DevEUI, beyond ``after``, of one type if given; fewer only at the end."""
