"""Names of resources (AIP-122): ``devices/{dev_eui}`` and what lies below."""

from domain.errors import InvalidValue
from domain.identifiers import DevEui, dev_eui

_DEVICES = "devices/"
_STATE = "/state"


def device_name(device: DevEui) -> str:
    """Return the name of a device."""
    return _DEVICES + device


def device_of(name: str, field: str) -> DevEui:
    """Return the device that ``name`` names; ``field`` of the request holds it.

    Raises:
        InvalidValue: it is no name of a device.
    """
    if not name.startswith(_DEVICES):
        raise _not_a_name(name, field, "devices/{dev_eui}")
    try:
        return dev_eui(name[len(_DEVICES) :])
    except InvalidValue:
        raise _not_a_name(name, field, "devices/{dev_eui}") from None


def state_name(device: DevEui) -> str:
    """Return the name of the state of a device."""
    return device_name(device) + _STATE


def device_of_state(name: str, field: str) -> DevEui:
    """Return the device whose state ``name`` names.

    Raises:
        InvalidValue: it is no name of a device's state.
    """
    if not name.endswith(_STATE):
        raise _not_a_name(name, field, "devices/{dev_eui}/state")
    return device_of(name.removesuffix(_STATE), field)


def reading_name(device: DevEui, measurand: str, channel: str, event_ns: int) -> str:
    """Return the name of a reading: its key."""
    return f"{_DEVICES}{device}/readings/{measurand}~{channel}~{event_ns}"


def device_of_reading(name: str) -> DevEui:
    """Return the device of the reading that ``name`` names, as ``reading_name`` made it."""
    return DevEui(name.split("/", 2)[1])


def _not_a_name(name: str, field: str, expected: str) -> InvalidValue:
    return InvalidValue(f"{name!r} is not {expected} with 16 hex digits", field=field, value=name)
