"""Fixes: what was said of where a device is, and whether that says anything."""

from collections.abc import Iterable, Sequence

from msgspec import Struct

from domain.observation import Position, Quality, is_place
from domain.position.source import rank


class Fix(Struct, frozen=True, gc=False):
    """Where a device was at an instant, as somebody said."""

    event_ns: int
    place: Position
    quality: str = Quality.MEASURED.value
    is_fresh: bool = True
    """False: the receiver had no fix then, and repeats an old one."""

    @property
    def is_position(self) -> bool:
        """Whether it says where the device was: a cached place, 0/0 or one that cannot be says nothing."""
        return self.is_fresh and self.quality == Quality.MEASURED and is_place(self.place)


def better(fix: Fix) -> tuple[int, int, float, str, int, int]:
    """Return what fixes are ordered by, the best first: rank of the source, then newer, then more accurate.

    The rest of it is there for fixes that contradict each other, so that always the same one is chosen.
    """
    place = fix.place
    accuracy_m = float("inf") if place.accuracy_m is None else place.accuracy_m
    return rank(place.source), -fix.event_ns, accuracy_m, place.source, place.latitude, place.longitude


def one_an_instant(fixes: Iterable[Fix]) -> Sequence[Fix]:
    """Return the usable of ``fixes``, oldest first; of those of one instant the best."""
    found: dict[int, Fix] = {}
    for fix in sorted((each for each in fixes if each.is_position), key=better, reverse=True):
        found[fix.event_ns] = fix  # the best comes last
    return [found[event_ns] for event_ns in sorted(found)]
