"""What runs through the pipe of a household: by the curve of the day, and where it leaks day and night."""

from adapters.simulated_city.day_curve import TAPS
from adapters.simulated_city.device import CityDevice

_HOUR_S = 3_600


def leak_rate(device: CityDevice) -> int:
    """Return how many litres an hour run where it leaks: a dripping valve, or a burst pipe."""
    return 30 + (device.traits >> 5) % 270


def used_litres(device: CityDevice, seconds: int) -> int:
    """Return what ran since all meters were installed: 80 to 480 litres a day, and what leaked."""
    a_day = 80 + (device.traits >> 3) % 400
    used = a_day * TAPS.since_installation(seconds) // TAPS.of_a_day
    if device.leak_since_s:
        leaking_s = min(seconds, device.leak_until_s or seconds) - device.leak_since_s
        used += max(leaking_s, 0) * leak_rate(device) // _HOUR_S
    return used
