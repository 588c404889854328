"""What a device says of the world: readings at one instant."""

from msgspec import Struct

from domain.identifiers import DevEui


class Position(Struct, frozen=True, gc=False, omit_defaults=True):
    """A place on earth (WGS 84)."""

    latitude: int
    """Degrees times 10^7, exact."""
    longitude: int
    """Degrees times 10^7, exact."""
    source: str = "gnss"
    """Who says so: ``gnss``, ``configured`` …"""
    altitude_m: float | None = None
    accuracy_m: float | None = None
    satellites: int | None = None


Value = bool | int | float | str | Position


class Reading(Struct, frozen=True, gc=False, omit_defaults=True):
    """One value of one measurand; its unit is the measurand's (domain.observation.catalogue)."""

    measurand: str
    channel: str
    """Which of the device's values: tariff, phase, circuit, pulse input …; empty for the device itself."""
    value: Value
    """Registers: an exact integer, to be multiplied by 10^``exponent``."""
    exponent: int = 0
    """Power of ten of a register's unit, fixed per measurand; 0 for all other kinds."""
    quality: str = "measured"
    """One of domain.observation.quality.Quality."""


class Observation(Struct, frozen=True, gc=False, omit_defaults=True):
    """All values of one device at one instant: one record on the topic, one row in the store."""

    dev_eui: DevEui
    event_ns: int
    """When it was so, ns since 1970-01-01 UTC."""
    written_us: int
    """Write time: when we learned it, µs since 1970-01-01 UTC; the later of two contradicting values wins."""
    readings: tuple[Reading, ...]
    time_origin: str = "device"
    """Whose clock: ``device``, ``derived`` (network time less the stated age) or ``network``."""
    uncertainty_ms: int = 0
    device_type: str = ""
    decoder: str = ""
    """Codec and its version, ``imst_ioke868@1``."""
    source: str = ""
    f_cnt: int = 0
    """The uplink it came with."""
