"""DevEUIs by the names that network servers give devices, from the registry of devices."""

from application.errors import NotFound
from application.ports.clock import Clock
from application.ports.device_registry import DeviceRegistry
from domain.device import Device
from domain.identifiers import DevEui

_AT_ONCE = 1_000
_FRESH_US = 600_000_000
"""Ten minutes: whoever is not found then may have registered since."""


class RegistryNames:
    """Reads the registry when the first name is asked for, and again for names that it does not know."""

    def __init__(self, devices: DeviceRegistry, clock: Clock, source: str) -> None:
        self._devices = devices
        self._clock = clock
        self._source = source
        self._names: dict[tuple[str, str], str] = {}
        self._read_us = -_FRESH_US

    async def dev_eui(self, application_id: str, device_id: str) -> str:
        """As ``DeviceNames.dev_eui``."""
        place = application_id, device_id
        if place not in self._names and self._clock.now_us() - self._read_us >= _FRESH_US:
            await self._read()
        return self._names.get(place, "")

    async def device(self, dev_eui: DevEui) -> Device | None:
        """Return a device that the source itself named; None: it has no name there.

        Raises:
            Unavailable: the registry does not answer.
        """
        try:
            found = await self._devices.get(dev_eui)
        except NotFound:
            return None
        return found if found.source == self._source and found.device_id else None

    async def _read(self) -> None:
        self._read_us, after = self._clock.now_us(), ""
        while page := await self._devices.page(size=_AT_ONCE, after=after):
            self._names.update(
                ((each.application_id, each.device_id), each.dev_eui) for each in page if each.source == self._source
            )
            after = page[-1].dev_eui
