"""How large the city is, how fast it speaks, and how much of it goes wrong."""

from collections.abc import Iterator
from math import inf

from msgspec import Struct

from adapters.simulated_city.fleets import FLEETS
from domain.errors import InvalidValue

EARLIEST_NS = 1_577_836_800 * 1_000_000_000
"""2020-01-01 UTC: every meter of the city was installed then; before it there is no reading."""

SPOKEN = ("tts", "chirpstack", "ttn-v2")
"""The network servers whose messages the city can write."""
_ON_THE_WAY = ("lost", "repeated", "late", "poison", "empty")
"""A frame suffers one of them at most."""
_OF_DEVICES = ("rejoins", "resets", "exchanges", "leaks", "faults", "outages", "migrations")


class SimulatedCitySettings(Struct, frozen=True, kw_only=True):
    """The same settings give the same bytes; ``start_ns`` must be given for that."""

    name: str = "city"
    """Name of the source: the network server it stands for."""
    seed: int = 2018
    """Which city: its devices, their habits and their mishaps."""
    devices: int = 1_000
    fleets: tuple[str, ...] = ("electricity", "water", "parking")
    """Which fleets, in the proportions of adapters.simulated_city.fleets; each has at least one device."""
    rate: float = 200.0
    """Uplinks per second; 0: as fast as asked. The city's time keeps pace with the clock, but for a rate of more than
    one uplink of each device in 4 s: then it runs ahead."""
    interval_s: float = 900.0
    """With ``rate`` 0: the city's time between two uplinks of a device."""
    uplinks: int = 0
    """How many frames the devices send in all, lost ones included and repeats not; 0: without end."""
    start_ns: int = 0
    """When the city's time begins, ns since 1970-01-01 UTC; 0: now, or, with ``uplinks`` and without ``rate``, so that
    it ends now."""
    lost: float = 0.02
    """Share of frames that no gateway hears."""
    repeated: float = 0.01
    """Share of frames that the network hears twice, seconds apart."""
    late: float = 0.01
    """Share of frames that arrive after 1 to 5 later frames of their device."""
    poison: float = 0.005
    """Share of frames that are broken: half of them in the envelope, half in the payload."""
    empty: float = 0.005
    """Share of frames that carry MAC commands only."""
    rejoins: float = 0.02
    """Share of sessions that end, after 8 to 40 frames, with a new join."""
    resets: float = 0.0
    """Share of devices that lose power now and then and count from 0 again, without a join."""
    exchanges: float = 0.0
    """Share of meters that are exchanged."""
    leaks: float = 0.0
    """Share of water meters behind which water runs for a while."""
    faults: float = 0.0
    """Share of lamps that burn no more for a while."""
    outages: float = 0.0
    """Share of the time in which three of the 24 gateways, each time others, hear nothing."""
    migrations: float = 0.0
    """Share of devices that move to the next of ``network_servers``."""
    network_servers: tuple[str, ...] = ("tts",)
    """What the city's devices speak through: ``tts``, ``chirpstack``, ``ttn-v2``; every fleet is shared out evenly."""
    tenant: str = "ulm"
    """The network server's tenant, in the topics."""
    truth_file: str = ""
    """Where to write what is true, as lines of JSON; empty: nowhere."""

    def mistakes(self) -> list[str]:
        """Return what is wrong with the settings, each with the setting's name; empty: nothing."""
        return [
            *self._wrong_fleets(),
            *self._wrong_shares(),
            *self._wrong_network_servers(),
            *self._wrong_numbers(),
        ]

    def check(self) -> None:
        """Raise if anything is wrong.

        Raises:
            InvalidValue: ``message`` names all mistakes.
        """
        mistakes = self.mistakes()
        if mistakes:
            raise InvalidValue("; ".join(mistakes), field="simulated_city", value=self.name)

    def _wrong_fleets(self) -> Iterator[str]:
        unknown = [name for name in self.fleets if name not in FLEETS]
        if unknown or not self.fleets or len(set(self.fleets)) < len(self.fleets):
            yield f"fleets = {list(self.fleets)}: each at most once, of {', '.join(FLEETS)}"
        if self.devices < max(1, len(self.fleets)):
            yield f"devices = {self.devices}: at least one for each of the {len(self.fleets)} fleets"

    def _wrong_shares(self) -> Iterator[str]:
        shares = {name: getattr(self, name) for name in (*_ON_THE_WAY, *_OF_DEVICES)}
        outside = {name: share for name, share in shares.items() if not 0.0 <= share <= 1.0}
        for name, share in outside.items():
            yield f"{name} = {share}: a share is between 0 and 1"
        if not outside and sum(shares[name] for name in _ON_THE_WAY) > 1.0:
            yield "lost, repeated, late, poison and empty together exceed 1: a frame suffers one of them at most"

    def _wrong_network_servers(self) -> Iterator[str]:
        chosen = self.network_servers
        if not chosen or len(set(chosen)) < len(chosen) or any(name not in SPOKEN for name in chosen):
            yield f"network_servers = {list(chosen)}: each at most once, of {', '.join(SPOKEN)}"
        elif self.migrations and len(chosen) == 1:
            yield f"migrations = {self.migrations}: at least two network_servers expected"

    def _wrong_numbers(self) -> Iterator[str]:
        for name, value in (("rate", self.rate), ("uplinks", self.uplinks), ("seed", self.seed)):
            if not 0 <= value < inf:
                yield f"{name} = {value}: 0 or more, and finite"
        if self.interval_s <= 0:
            yield f"interval_s = {self.interval_s}: more than 0"
        if self.start_ns and self.start_ns < EARLIEST_NS:
            yield f"start_ns = {self.start_ns}: the city's meters were installed on 2020-01-01"
