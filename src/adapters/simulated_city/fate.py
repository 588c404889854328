"""What becomes of a device in the course of its life, and when: counted in frames it has sent."""

from collections.abc import Mapping
from hashlib import blake2b

from msgspec import Struct
from msgspec.structs import replace

from adapters.simulated_city.settings import SimulatedCitySettings

NEVER = 1 << 62
_PARTS = 1 << 20
_LASTS = (20, 60)
"""Frames that a leak or a lamp fault lasts."""


class Fate(Struct, frozen=True, gc=False):
    """Numbers of frames, from 0; ``NEVER``: it is spared."""

    reset_at: int = NEVER
    """It begins to count anew without a join, and again as many frames later."""
    exchange_at: int = NEVER
    """Its meter is exchanged, not its radio."""
    leak_at: int = NEVER
    """Water runs day and night …"""
    leak_until: int = NEVER
    """… until somebody finds it."""
    fault_at: int = NEVER
    """A lamp burns no more …"""
    fault_until: int = NEVER
    """… until somebody replaces it."""
    migration_at: int = NEVER
    """It joins at the next network server."""
    every: int = NEVER
    """Frames between two resets."""

    def after_reset(self, sent: int) -> "Fate":
        """Return the fate of a device that was reset when it had sent so many frames."""
        return replace(self, reset_at=sent + self.every)


UNTOUCHED = Fate()

_AFTER: Mapping[str, tuple[int, int]] = {
    "resets": (12, 60),
    "exchanges": (8, 40),
    "leaks": (4, 30),
    "faults": (4, 30),
    "migrations": (10, 50),
}
"""Frames after which it happens, at the earliest and at the latest."""
_OF_FLEETS: Mapping[str, tuple[str, ...]] = {
    "exchanges": ("electricity", "water"),
    "leaks": ("water", "ultrasonic"),
    "faults": ("lamps",),
}
"""Whom it may happen to; else everybody."""


def fate_of(fleet: str, traits: int, settings: SimulatedCitySettings) -> Fate:
    """Return the fate of a device of ``fleet``: it follows from its traits, the same in every run."""
    if not any(getattr(settings, name) for name in _AFTER):
        return UNTOUCHED
    resets, exchanges, leaks, faults, migrations = (_begins(fleet, traits, name, settings) for name in _AFTER)
    return Fate(
        resets,
        exchanges,
        leaks,
        leaks + _chosen(traits, "leaks last", _LASTS),
        faults,
        faults + _chosen(traits, "faults last", _LASTS),
        migrations,
        resets,
    )


def _begins(fleet: str, traits: int, name: str, settings: SimulatedCitySettings) -> int:
    share: float = getattr(settings, name)
    if fleet not in _OF_FLEETS.get(name, (fleet,)) or _draw(traits, name) % _PARTS >= share * _PARTS:
        return NEVER
    return _chosen(traits, f"{name} begin", _AFTER[name])


def _chosen(traits: int, what: str, bounds: tuple[int, int]) -> int:
    least, most = bounds
    return least + _draw(traits, what) % (most - least + 1)


def _draw(traits: int, what: str) -> int:
    return int.from_bytes(blake2b(f"{traits} {what}".encode(), digest_size=4).digest())
