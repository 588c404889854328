"""Master data that devices bring themselves: they register with their first message and report what they are."""

from domain.device import Device, with_reported
from domain.radio import Uplink


def registered(known: Device, uplink: Uplink, device_type: str, received_us: int) -> Device:
    """Return the sender's master data: a first uplink registers the device, another type updates it."""
    return Device(
        uplink.dev_eui,
        max(known.written_us + 1, received_us),
        device_type,
        known.source or uplink.source,
        known.application_id or uplink.application_id,
        known.device_id or uplink.device_id,
        known.registered_us or received_us,
        known.attributes,
    )


def reported(known: Device, attributes: dict[str, str], received_us: int) -> Device:
    """Return the device with what it reports of itself; ``known`` itself where that is known."""
    if attributes.items() <= known.attributes.items():
        return known
    merged = with_reported(known.attributes, attributes)
    if merged == known.attributes:
        return known
    return Device(
        known.dev_eui,
        max(known.written_us + 1, received_us),
        known.device_type,
        known.source,
        known.application_id,
        known.device_id,
        known.registered_us,
        merged,
    )
