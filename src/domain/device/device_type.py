"""Which kind of device speaks: from what the network server knows, else from the settings."""

from collections.abc import Mapping, Sequence
from fnmatch import fnmatchcase

from msgspec import Struct

from domain.radio import Uplink

_ANY = "*"


class DeviceTypeRule(Struct, frozen=True):
    """One ``[[device_types]]`` of the settings."""

    device_type: str
    application_id: str = _ANY
    """Shell pattern."""
    device_id: str = _ANY
    """Shell pattern of the network server's name for the device."""

    def matches(self, uplink: Uplink) -> bool:
        """Say whether the rule speaks of the device that sent ``uplink``."""
        return _fits(uplink.application_id, self.application_id) and _fits(uplink.device_id, self.device_id)


class DeviceTypes(Struct, frozen=True):
    """All that is known of device types; the first rule that matches decides."""

    models: Mapping[str, str]
    """Device type of each ``brand/model`` a network server may name."""
    rules: Sequence[DeviceTypeRule] = ()

    def of(self, uplink: Uplink) -> str:
        """Return the device type of the sender, or an empty text."""
        known = self.models.get(uplink.model)
        if known is not None:
            return known
        for rule in self.rules:
            if rule.matches(uplink):
                return rule.device_type
        return ""


def _fits(name: str, pattern: str) -> bool:
    return pattern == _ANY or fnmatchcase(name, pattern)
