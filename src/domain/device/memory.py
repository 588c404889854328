"""All that must be remembered of a device between two uplinks: the unit of restore and replay."""

from collections.abc import Mapping

from msgspec import Struct

from domain.decoding import NO_CONTEXT, Context
from domain.device.device import Device
from domain.observation import Observation, Quality, Value
from domain.radio import FrameAccount

_MOST_LATEST = 1_000
"""A lighting controller with 64 lamps has 700; of payloads made to do harm there are no more than these to remember."""

_IMPLAUSIBLE = Quality.IMPLAUSIBLE.value


class LatestValue(Struct, frozen=True, gc=False, omit_defaults=True):
    """The newest reading of a measurand and channel, by event time; the public state holds it as it is."""

    measurand: str
    channel: str
    event_ns: int
    value: Value
    exponent: int = 0
    quality: str = "measured"


class DeviceMemory(Struct, frozen=True, gc=False, array_like=True):
    """A pure function of the uplinks up to ``offset``: no wall clock, no randomness."""

    offset: int
    """Position in the uplink log of the last message included; an uplink at or below it is skipped whole."""
    device: Device
    accounts: dict[str, FrameAccount] = {}
    """Frame account for each source: counters belong to a network server's session."""
    context: Context = NO_CONTEXT
    """What the device's codec must remember."""
    latest: dict[str, LatestValue] = {}
    """By ``measurand/channel``."""
    last_seen_ns: int = 0
    """Network time of the newest frame."""
    written_us: int = 0
    """Write time of the state row, growing with every uplink so that the row never goes back."""


def with_latest(known: dict[str, LatestValue], observation: Observation) -> dict[str, LatestValue]:
    """Return ``known`` with the readings of ``observation`` that are newer; decided by event time, not by arrival."""
    event_ns = observation.event_ns
    changed = known.copy()
    for reading in observation.readings:
        measurand, channel, quality = reading.measurand, reading.channel, reading.quality
        if quality == _IMPLAUSIBLE and measurand == "position":
            continue  # it is no place: the last one stands
        key = f"{measurand}/{channel}"
        before = changed.get(key)
        if before is None or before.event_ns <= event_ns:
            changed[key] = LatestValue(measurand, channel, event_ns, reading.value, reading.exponent, quality)
    return changed if len(changed) <= _MOST_LATEST else _newest(changed)


def _newest(known: dict[str, LatestValue]) -> dict[str, LatestValue]:
    """Return as many of ``known`` as there is room for."""
    keys = sorted(known, key=lambda key: (known[key].event_ns, key))
    return {key: known[key] for key in keys[-_MOST_LATEST:]}


Memory = Mapping[str, DeviceMemory]
"""The devices of one partition by DevEUI."""
