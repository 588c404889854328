"""Which gateways hear: now and then a line breaks that serves three of them, each time another."""

from collections.abc import Iterator

from adapters.simulated_city.device import CityDevice
from adapters.simulated_city.radio import GATEWAYS
from adapters.simulated_city.settings import SimulatedCitySettings
from adapters.simulated_city.truth import Incident

_PERIOD_S = 6 * 3_600
_NS = 1_000_000_000
_NEIGHBOURS = 7
"""Gateways so far apart in number hear the same devices (``radio.hearing``); coprime to 24, it visits all."""
_ON_ONE_LINE = 3


class Gateways:
    """Every six hours of the city's time three gateways fall silent for a share of them, at the end."""

    def __init__(self, settings: SimulatedCitySettings) -> None:
        self._silent_ns = int(settings.outages * _PERIOD_S * _NS)
        self._seed = settings.seed
        self._told = -1

    def hearing(self, device: CityDevice, network_ns: int) -> tuple[int, ...]:
        """Return the gateways that hear ``device`` then, by index."""
        silent = self._silent(network_ns)
        if not silent:
            return device.heard_by
        return tuple([gateway for gateway in device.heard_by if gateway not in silent])

    def outages(self, network_ns: int) -> Iterator[Incident]:
        """Yield the outage that has begun by then, unless it was told."""
        period = network_ns // _NS // _PERIOD_S
        silent = self._silent(network_ns)
        if silent and period != self._told:
            self._told = period
            since_ns = (period + 1) * _PERIOD_S * _NS - self._silent_ns
            names = " ".join(GATEWAYS[gateway].gateway_id for gateway in silent)
            yield Incident("gateway_outage", names, since_ns, f"{self._silent_ns // _NS} s")

    def _silent(self, network_ns: int) -> tuple[int, ...]:
        """Return which gateways are silent then."""
        period, within = divmod(network_ns, _PERIOD_S * _NS)
        if within < _PERIOD_S * _NS - self._silent_ns:
            return ()
        first = self._seed + period * _NEIGHBOURS
        return tuple([(first + step * _NEIGHBOURS) % len(GATEWAYS) for step in range(_ON_ONE_LINE)])
