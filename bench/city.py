"""Input of the measurements: messages of the simulated city, made before the clock runs."""

from functools import lru_cache
from itertools import islice

from adapters.simulated_city.city import SimulatedCity
from adapters.simulated_city.settings import SimulatedCitySettings
from adapters.system.clock import SystemClock

DEVICES = 20_000
"""Random devices of a fleet: caches and tables feel a city, and a run stays short."""


@lru_cache(maxsize=1)
def messages(count: int) -> list[tuple[str, bytes]]:
    """Return ``count`` messages of devices that speak every 15 minutes: topic and body."""
    settings = SimulatedCitySettings(devices=DEVICES, rate=0.0, interval_s=900.0)
    with SimulatedCity(settings, SystemClock()) as city:
        return list(islice(city.messages(), count))
