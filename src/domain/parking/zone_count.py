"""The spots of a zone counted by their state: occupied + free + unknown + out of service = capacity, always."""

from collections import Counter
from collections.abc import Iterable

from msgspec import Struct

from domain.parking.spot import SpotKind
from domain.parking.spot_state import Occupancy, SpotState


class SpotCount(Struct, frozen=True, gc=False):
    """How many spots are in which state."""

    occupied: int = 0
    free: int = 0
    unknown: int = 0
    out_of_service: int = 0
    overstayed: int = 0
    """Of the occupied, those that are so for longer than allowed, for certain."""

    @property
    def capacity(self) -> int:
        """Return how many spots there are, whatever is known of them."""
        return self.occupied + self.free + self.unknown + self.out_of_service


class ZoneCount(Struct, frozen=True, gc=False):
    """A zone at an instant."""

    total: SpotCount
    by_kind: dict[SpotKind, SpotCount]


def zone_count(states: Iterable[SpotState]) -> ZoneCount:
    """Return the count of ``states``, one for each spot of the zone."""
    known = list(states)
    kinds = sorted({each.spot.kind for each in known})
    return ZoneCount(_count(known), {kind: _count(each for each in known if each.spot.kind is kind) for kind in kinds})


def _count(states: Iterable[SpotState]) -> SpotCount:
    known = list(states)
    number = Counter(each.occupancy for each in known)
    return SpotCount(
        number[Occupancy.OCCUPIED],
        number[Occupancy.FREE],
        number[Occupancy.UNKNOWN],
        number[Occupancy.OUT_OF_SERVICE],
        sum(each.overstay == "certain" for each in known),
    )
