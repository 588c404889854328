"""DevEUIs by the names that network servers give devices, from the registry of devices."""

from application.errors import NotFound
from application.ports.clock import Clock
from application.ports.device_registry import DeviceRegistry
from domain.device import Device
from domain.identifiers import DevEui

_AT_ONCE = 1_000
_FRESH_US = 600_000_000
"""Ten minutes: whoever is not found then may have registered since, and a name may have gone to another device."""


class RegistryNames:
    """Reads the registry when a name is asked for and it was read too long ago.

    Where two devices have one name (one took the place of the other), it is the name of the one that came later.
    """

    def __init__(self, devices: DeviceRegistry, clock: Clock, source: str) -> None:
        self._devices = devices
        self._clock = clock
        self._source = source
        self._names: dict[tuple[str, str], tuple[int, str]] = {}
        """Since when, and whose, by application and name."""
        self._read_us: int | None = None

    async def dev_eui(self, application_id: str, device_id: str) -> str:
        """As ``DeviceNames.dev_eui``."""
        now_us = self._clock.now_us()
        if self._read_us is None or abs(now_us - self._read_us) >= _FRESH_US:
            self._names = await self._read()
            self._read_us = now_us  # not before: half of them would pass for all
        return self._names.get((application_id, device_id), (0, ""))[1]

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

    async def _read(self) -> dict[tuple[str, str], tuple[int, str]]:
        names: dict[tuple[str, str], tuple[int, str]] = {}
        after = ""
        while page := await self._devices.page(size=_AT_ONCE, after=after):
            for each in page:
                if each.source == self._source and each.device_id:
                    place, named = (each.application_id, each.device_id), (each.registered_us, each.dev_eui)
                    names[place] = max(named, names.get(place, named))
            after = page[-1].dev_eui
        return names
