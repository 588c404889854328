"""What the city's administration says of a device: the registry's record, given by people, never by the device."""

from msgspec import Struct

from domain.identifiers import DevEui
from domain.observation import Position


class DeviceEntry(Struct, frozen=True, gc=False, omit_defaults=True, tag="device"):
    """One device of the registry; an empty field says that nobody has said anything."""

    dev_eui: DevEui
    written_us: int
    """When it was said, µs since 1970-01-01 UTC; of two versions the later written stays."""
    device_type: str = ""
    """Goes before what the network server and the settings say."""
    firmware: str = ""
    """As far as the device does not report its own."""
    labels: dict[str, str] = {}
    zone: str = ""
    place: Position | None = None
    """Where it was installed, as surveyed; None: it moves, or nobody has measured."""
    installed_ns: int = 0
    """First instant of service, ns since 1970-01-01 UTC; 0: always."""
    removed_ns: int = 0
    """First instant out of service, ns since 1970-01-01 UTC; 0: still there."""
    expected_interval_s: int = 0
    """Longest time between two uplinks of a healthy device, in seconds; 0: not known, its silence says nothing."""
    data_class: str = ""
    """Raises or lowers the class that the catalogue gives to its readings (``DataClass``); empty: the catalogue's."""
    registers: dict[str, str] = {}
    """The device's own register names (such as the OBIS code of a filter) → ``measurand`` or ``measurand/channel``."""
    keys: dict[str, str] = {}
    """Key name → hexadecimal digits. SECRET: never printed, logged or answered."""

    @property
    def key(self) -> str:
        """Return what the record is stored under."""
        return self.dev_eui

    def in_service(self, at_ns: int) -> bool:
        """Say whether the device was installed, and not yet removed, at ``at_ns``."""
        return self.installed_ns <= at_ns and (not self.removed_ns or at_ns < self.removed_ns)

    def __repr__(self) -> str:
        """Return the record without its keys, of which not even a log or a failed test may speak."""
        told = {name: getattr(self, name) for name in self.__struct_fields__ if name != "keys"}
        return f"DeviceEntry({', '.join(f'{name}={value!r}' for name, value in told.items())}, keys={len(self.keys)})"
