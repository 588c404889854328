"""A device of the city: who it is, how it is placed, and where its session stands."""

from zlib import crc32

from adapters.simulated_city.fate import UNTOUCHED, Fate
from adapters.simulated_city.fleets import Fleet
from adapters.simulated_city.frame import Frame
from adapters.simulated_city.radio import hearing, spreading_factor
from adapters.simulated_city.truth import SessionTruth

_LOCAL = 0x02
"""A DevEUI of no maker: the locally administered bit of an EUI-64 (IEEE 802)."""


class CityDevice:
    """Mutable, and small: a city has 185,000 of them."""

    __slots__ = (
        "began_ns",
        "dev_eui",
        "f_cnt",
        "fate",
        "fault_since_s",
        "fault_until_s",
        "fleet",
        "frames_left",
        "head",
        "heard_by",
        "highest",
        "home",
        "index",
        "leak_since_s",
        "leak_until_s",
        "meter",
        "metered_since_s",
        "network",
        "occupied",
        "opened_ns",
        "pending",
        "sent",
        "sessions",
        "spreading_factor",
        "told_ns",
        "topic",
        "traits",
    )

    def __init__(self, seed: int, fleet: Fleet, index: int) -> None:
        city = crc32(b"%d" % seed)
        self.fleet = fleet
        self.index = index
        """Within its fleet, from 0."""
        self.dev_eui = f"{_LOCAL:02x}{fleet.number:02x}{city & 0xFFFF:04x}{index:08x}"
        self.traits = crc32(b"%d %d" % (fleet.number, index), city)
        """32 bits from which its habits follow."""
        self.spreading_factor = spreading_factor(self.traits)
        self.heard_by = hearing(self.traits, self.spreading_factor)
        """Gateways, by index."""
        self.topic = ""
        """Where its uplinks are published."""
        self.head = ""
        """How every message of its session begins."""
        self.f_cnt = 0
        """Of its next frame."""
        self.frames_left = 0
        """Until its session ends; 0: it must join."""
        self.sessions: list[SessionTruth] = []
        self.pending: Frame | None = None
        """The segment it sends next."""
        self.opened_ns = 0
        """Network time of its last first segment; before that, of its first join."""
        self.occupied: bool | None = None
        """What a parking sensor last reported."""
        self.home = self.network = 0
        """Which of the city's network servers it began with, and which it speaks through, by index."""
        self.sent = 0
        """Frames in all its life, lost ones included."""
        self.fate: Fate = UNTOUCHED
        self.began_ns = 0
        """When it began to count from 0."""
        self.highest = -1
        """Counter up to which its network server has heard the session."""
        self.meter = 0
        """How many meters were there before its present one."""
        self.metered_since_s = 0
        """When the present one was installed, in seconds since 1970; 0: with the others."""
        self.leak_since_s = self.leak_until_s = 0
        """When water began to run, and when it ended; 0: not yet."""
        self.told_ns: frozenset[int] = frozenset()
        """Instants of its history that the observer knows; the newest of them."""
        self.fault_since_s = self.fault_until_s = 0
        """When the lamp failed, and when it was replaced; 0: not yet."""

    @property
    def device_id(self) -> str:
        """The network server's name for it."""
        return f"{self.fleet.device_prefix}-{self.index + 1:06d}"
