"""The state of a lamp, from the newest readings of its controller."""

import re
from collections.abc import Mapping

from msgspec import Struct

from domain.observation import Value

_POWER_CYCLE_SEEN = 0x80
"""Bit 7 of the answer to QUERY STATUS (IEC 62386-102): without power, and no command since."""
_ADDRESS = re.compile(r"dali\d+")
_ALL = ("dali_all", "")
"""What is said of all lamps of a controller."""


class Latest(Struct, frozen=True, gc=False):
    """The newest reading of a measurand and channel."""

    event_ns: int
    value: Value
    exponent: int = 0


LatestValues = Mapping[tuple[str, str], Latest]
"""By measurand and channel."""


class LampState(Struct, frozen=True, gc=False):
    """What is known of a lamp now; None: nobody has said."""

    is_on: Latest | None = None
    dim_level: Latest | None = None
    """Level in force, %."""
    commanded: Latest | None = None
    """Level that was commanded last, %."""
    energy: Latest | None = None
    """Register, W.h."""
    power: Latest | None = None
    """W."""
    on_time: Latest | None = None
    """Register of the gear, s."""
    was_power_cycled: bool = False
    """Its driver came back from being without power, and heard no command since: no fault."""


def lamp_state(latest: LatestValues, channel: str = "") -> LampState:
    """Return the state of the lamp at ``channel`` of a controller of which the newest readings are ``latest``."""
    word = _newest(latest, "device.status_word", channel)
    level = _newest(latest, "lamp.dim_level", channel)
    is_on = _newest(latest, "lamp.on", channel)
    if is_on is None and level is not None and isinstance(level.value, int | float):
        is_on = Latest(level.event_ns, level.value > 0)
    return LampState(
        is_on,
        level,
        _newest(latest, "lamp.dim_level.commanded", channel),
        register_of(latest, "electricity.energy.active.import", channel),
        register_of(latest, "electricity.power.active", channel),
        register_of(latest, "lamp.on_time", channel),
        word is not None and isinstance(word.value, int) and bool(word.value & _POWER_CYCLE_SEEN),
    )


def is_of_lamp(reading_channel: str, lamp_channel: str) -> bool:
    """Say whether a state told for ``reading_channel`` is one of the lamp at ``lamp_channel`` (empty: the only one)."""
    return not lamp_channel or reading_channel == lamp_channel or reading_channel in _ALL


def register_channel(channels: set[str], lamp_channel: str) -> str | None:
    """Return under which of ``channels`` a lamp is metered.

    The controller of one lamp may meter it twice, itself (``internal``) and by the driver (``dali3``): what the driver
    says is nearer to the lamp. Of one among several lamps only its own address will do.
    """
    if lamp_channel:
        return lamp_channel if lamp_channel in channels else None
    addressed = [each for each in channels if _ADDRESS.fullmatch(each)]
    if len(addressed) == 1:
        return addressed[0]
    return next((each for each in ("analog", "internal", "") if each in channels), None)


def register_of(latest: LatestValues, measurand: str, lamp_channel: str) -> Latest | None:
    """Return the newest metered value of a lamp."""
    channels = {channel for name, channel in latest if name == measurand}
    channel = register_channel(channels, lamp_channel)
    return None if channel is None else latest[measurand, channel]


def _newest(latest: LatestValues, measurand: str, lamp_channel: str) -> Latest | None:
    """Return the newest of what was said of a lamp, alone or together with others."""
    told = [each for (name, channel), each in latest.items() if name == measurand and is_of_lamp(channel, lamp_channel)]
    return max(told, key=lambda each: each.event_ns, default=None)
