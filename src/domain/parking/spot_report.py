"""What a parking sensor says of its spot, and why it says it."""

from collections.abc import Mapping
from enum import StrEnum

from msgspec import Struct

from domain.observation import Value


class ReportKind(StrEnum):
    """What made the sensor speak: only a change says when the state began."""

    CHANGE = "change"
    """A car came or went just now."""
    HEARTBEAT = "heartbeat"
    """The time of a regular report had come; the state may be hours old."""
    STARTUP = "startup"
    """The sensor began anew and may not have measured yet."""
    UNKNOWN = "unknown"
    """A sensor speaks by itself when the state changes: a new state is a change, unless frames were lost before."""


class SpotReport(Struct, frozen=True, gc=False):
    """The state of a spot at one instant."""

    event_ns: int
    occupied: bool
    kind: ReportKind = ReportKind.UNKNOWN
    previous_ns: int | None = None
    """How long, in ns, the state before this one lasted, where the sensor says so."""


class Gap(Struct, frozen=True, gc=False):
    """Frames of the sensor that were sent between two others and never came: the frame ledger's missing counters."""

    from_ns: int
    """Network time of the last frame heard before."""
    until_ns: int
    """Network time of the first frame heard after."""
    frames: int


_HEARTBEAT_SIGN = {
    # "Parking Lot Sensor, Communication Interface", v0.29.4: the temperature comes with the heartbeat.
    "bosch_tps110": "device.temperature",
}
"""What stands in the heartbeats of a device type; a change that has it too is taken for one, and bounded too widely."""


def report_kind(readings: Mapping[str, Value], device_type: str) -> ReportKind:
    """Return why the sensor spoke, from all it said at that instant: values by measurand."""
    lifecycle = readings.get("device.lifecycle")
    if isinstance(lifecycle, str) and lifecycle.partition(":")[0] == "startup":
        return ReportKind.STARTUP
    if "parking.previous_state_duration" in readings:
        return ReportKind.CHANGE
    return ReportKind.HEARTBEAT if _HEARTBEAT_SIGN.get(device_type) in readings else ReportKind.UNKNOWN
