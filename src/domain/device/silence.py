"""Silent devices: who should have spoken, and has not."""

from domain.device.device_entry import DeviceEntry

_NS_PER_S = 1_000_000_000


def silent_since_ns(entry: DeviceEntry, last_seen_ns: int, at_ns: int) -> int | None:
    """Return since when a device has been silent for longer than its registry entry expects; None: it has not.

    A device that was never heard is silent since its installation. One that is not in service, or of which nobody has
    said how often it speaks, is not silent. A lamp controller whose circuit is switched off by day has its own rule
    (domain.lighting.silence).

    Args:
        entry: what the registry says.
        last_seen_ns: when it was heard last, ns since 1970-01-01 UTC; 0: never.
        at_ns: the present.
    """
    if not entry.expected_interval_s or not entry.in_service(at_ns):
        return None
    since_ns = max(last_seen_ns, entry.installed_ns)
    return since_ns if at_ns - since_ns > entry.expected_interval_s * _NS_PER_S else None
