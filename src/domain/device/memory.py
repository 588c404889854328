"""All that must be remembered of a device between two uplinks: the unit of restore and replay."""

from collections.abc import Mapping

from msgspec import Struct

from domain.decoding import NO_CONTEXT, Context
from domain.device.device import Device
from domain.device.latest import LatestRows
from domain.radio import FrameAccount


class DeviceMemory(Struct, frozen=True, gc=False):
    """A pure function of the uplinks up to ``offset``: no wall clock, no randomness."""

    offset: int
    """Position in the uplink log of the last message included; an uplink at or below it is skipped whole."""
    device: Device
    accounts: dict[str, FrameAccount] = {}
    """Frame account for each source: counters belong to a network server's session."""
    context: Context = NO_CONTEXT
    """What the device's codec must remember."""
    latest: LatestRows = ()
    """Its newest readings."""
    last_seen_ns: int = 0
    """Network time of the newest frame."""
    written_us: int = 0
    """Write time of the state row, growing with every uplink so that the row never goes back."""


Memory = Mapping[str, DeviceMemory]
"""The devices of one partition by DevEUI."""
