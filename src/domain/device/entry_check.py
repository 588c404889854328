"""What a registry entry must be like before it is kept."""

from domain.device.device_entry import DeviceEntry
from domain.errors import InvalidValue
from domain.identifiers import dev_eui
from domain.observation import DataClass, channel, is_place, measurand

_KEY_BYTES = (16, 24, 32)
"""AES-128, -192 and -256 (FIPS 197)."""


def check_entry(entry: DeviceEntry) -> None:
    """Return if ``entry`` can be used as it is.

    Raises:
        InvalidValue: names the field, its value and what was expected; of a key not the value.
    """
    if dev_eui(entry.dev_eui) != entry.dev_eui:
        raise InvalidValue(
            f"{entry.dev_eui!r}: 16 lower-case hex digits expected", field="dev_eui", value=entry.dev_eui
        )
    if entry.data_class and entry.data_class not in list(DataClass):
        known = ", ".join(DataClass)
        raise InvalidValue(f"no data class {entry.data_class!r}: {known}", field="data_class", value=entry.data_class)
    if entry.place is not None and not is_place(entry.place):
        raise InvalidValue("no place on earth, or 0/0, which no survey says", field="place", value=str(entry.place))
    if entry.removed_ns and entry.removed_ns <= entry.installed_ns:
        raise InvalidValue("it is removed before it is installed", field="removed", value=str(entry.removed_ns))
    if entry.expected_interval_s < 0:
        interval = str(entry.expected_interval_s)
        raise InvalidValue(f"an interval of {interval} s is none", field="expected_interval_s", value=interval)
    for name in entry.registers.values():
        quantity, _, part = name.partition("/")
        measurand(quantity)
        channel(part)
    for name, key in entry.keys.items():
        _check_key(name, key)


def _check_key(name: str, key: str) -> None:
    try:
        length = len(bytes.fromhex(key))
    except ValueError:
        length = 0
    if length not in _KEY_BYTES:
        raise InvalidValue(f"key {name!r}: 32, 48 or 64 hex digits expected", field=f"keys.{name}", value="(secret)")
