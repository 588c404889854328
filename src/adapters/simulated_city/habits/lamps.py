"""A street lamp with a UL20xx: what it used, and now and then how it is."""

from adapters.simulated_city.climate import outdoor_temperature
from adapters.simulated_city.day_curve import NIGHT
from adapters.simulated_city.device import CityDevice
from adapters.simulated_city.encoders import nas_ul20xx as ul20xx
from adapters.simulated_city.frame import Frame

_NS = 1_000_000_000
_STATUS_EVERY, _STATUS_AT = 12, 4
_HOUR_S = 3_600
_BRIGHT = 219
"""Raw value of the light sensor by day."""
_PROFILE, _PROFILE_VERSION = 3, 3
_NO_CODEC = "device_type_unknown"
"""The platform counts lamps and keeps what they say among the dead letters, until it has a codec for them."""


def lamp_frame(device: CityDevice, network_ns: int, opens: bool) -> Frame:  # noqa: ARG001, FBT001  the Habit's shape
    """Return what the controller sends at ``network_ns``."""
    seconds = network_ns // _NS
    full_w = 18 + device.traits % 60
    level = NIGHT.at(seconds)
    if device.f_cnt % _STATUS_EVERY == _STATUS_AT:
        return Frame(ul20xx.STATUS_PORT, _status(device, seconds, 100 * level // NIGHT.highest), undecodable=_NO_CODEC)
    on_s = NIGHT.since_installation(seconds) // NIGHT.highest  # at full light
    energy_wh = full_w * on_s // _HOUR_S
    power_w = full_w * level // NIGHT.highest
    usage = ul20xx.usage_with_on_time(ul20xx.INTERNAL, energy_wh, power_w, on_s)
    return Frame(ul20xx.USAGE_PORT, usage, undecodable=_NO_CODEC)


def _status(device: CityDevice, seconds: int, dim_percent: int) -> bytes:
    ldr = 0 if dim_percent else _BRIGHT
    health = ul20xx.status(seconds, -60 - device.traits % 40, 4, outdoor_temperature(seconds) + 3, ldr)
    return health + ul20xx.profile(_PROFILE, _PROFILE_VERSION, ul20xx.BROADCAST, dim_percent)
