"""When a reading was true: the device's clock where it can be believed, else the network's."""

from domain.rfc3339 import NS_PER_S

_OLDEST_NS = 400 * 86_400 * NS_PER_S
"""A device that buffers sends at most a year of history; 400 days leave room for a late read-out."""
_FUTURE_NS = 300 * NS_PER_S
"""Five minutes: more than a device clock drifts between two synchronisations."""
_DEVICE_UNCERTAINTY_MS = 1_000
"""Device clocks count whole seconds."""
_NETWORK_UNCERTAINTY_MS = 2_000
"""Airtime (up to 2 s at SF12) and the network's de-duplication window (200 ms)."""


def event_time(device_ns: int | None, network_ns: int, age_ns: int = 0) -> tuple[int, str, int]:
    """Return instant (ns), origin and uncertainty (ms) of a reading.

    Args:
        device_ns: what the device's clock said, or None if it said nothing or called itself unsynchronised.
        network_ns: when the network received the frame.
        age_ns: how long before that the reading was taken, as the device states it; what is no age that can be
            believed (negative, or beyond 400 days) counts for nothing.
    """
    if age_ns and not 0 <= age_ns <= _OLDEST_NS:
        age_ns = 0
    if device_ns is not None and -_OLDEST_NS <= device_ns - network_ns <= _FUTURE_NS:
        return device_ns - age_ns, "device", _DEVICE_UNCERTAINTY_MS
    if age_ns:
        return network_ns - age_ns, "derived", _NETWORK_UNCERTAINTY_MS
    return network_ns, "network", _NETWORK_UNCERTAINTY_MS
