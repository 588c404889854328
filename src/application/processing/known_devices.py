"""What the registry says of devices, held in memory beside the step."""

from collections.abc import Iterable

from msgspec import Struct

from domain.decoding import NO_FACTS, DeviceFacts
from domain.device import DeviceEntry


class Registered(Struct, frozen=True, gc=False):
    """What processing needs of an entry with every uplink."""

    device_type: str = ""
    facts: DeviceFacts = NO_FACTS
    """What the device's codec may ask for."""


_NOT_REGISTERED = Registered()


class KnownDevices:
    """The newest entry of each device; it changes between two batches, never within one."""

    def __init__(self, entries: Iterable[DeviceEntry] = ()) -> None:
        self._entries: dict[str, DeviceEntry] = {}
        self._registered: dict[str, Registered] = {}
        self.learn(entries)

    def learn(self, entries: Iterable[DeviceEntry]) -> None:
        """Take over ``entries``; of two of one device the later written counts."""
        for entry in entries:
            before = self._entries.get(entry.dev_eui)
            if before is None or before.written_us <= entry.written_us:
                self._entries[entry.dev_eui] = entry
                self._registered[entry.dev_eui] = Registered(entry.device_type, facts_of(entry))

    def forget(self, dev_eui: str, written_us: int) -> None:
        """Drop the entry of a device, unless it was written later than ``written_us``."""
        before = self._entries.get(dev_eui)
        if before is not None and before.written_us <= written_us:
            del self._entries[dev_eui], self._registered[dev_eui]

    def entry(self, dev_eui: str) -> DeviceEntry | None:
        """Return what the registry says of a device."""
        return self._entries.get(dev_eui)

    def of(self, dev_eui: str) -> Registered:
        """Return what processing needs of its entry; of a device without one nothing is said."""
        return self._registered.get(dev_eui, _NOT_REGISTERED)


def facts_of(entry: DeviceEntry) -> DeviceFacts:
    """Return what a codec may ask of ``entry``."""
    keys = {name: bytes.fromhex(key) for name, key in entry.keys.items()}
    return DeviceFacts(entry.firmware, dict(entry.registers), keys)
