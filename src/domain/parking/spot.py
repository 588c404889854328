"""Parking spots and the zones they lie in, as the city's administration keeps them."""

from collections.abc import Iterable
from enum import StrEnum

from msgspec import Struct

from domain.dated import dated_key
from domain.observation import Position


class SpotKind(StrEnum):
    """Who may stand there."""

    PUBLIC = "public"
    DISABLED = "disabled"
    """For people with a disabled person's badge."""
    CHARGING = "charging"
    """For electric vehicles while they charge."""
    LOADING = "loading"
    RESIDENT = "resident"
    CAR_SHARING = "car_sharing"
    TAXI = "taxi"
    RESERVED = "reserved"
    """For somebody named on the sign."""


class Spot(Struct, frozen=True, gc=False, omit_defaults=True, tag="spot"):
    """What holds of a spot from ``valid_from_ns`` on: its zone, its kind, its sensor."""

    spot_id: str
    written_us: int
    valid_from_ns: int = 0
    zone: str = ""
    kind: SpotKind = SpotKind.PUBLIC
    dev_eui: str = ""
    """The sensor in its ground; empty: none, so that nobody knows who stands there."""
    place: Position | None = None
    max_stay_s: int = 0
    """Longest allowed stay in seconds; 0: what its zone says of its kind."""
    removed: bool = False
    """From then on there is no such spot."""
    data_class: str = ""
    """Raises or lowers the class of what its sensor says (``DataClass``); empty: the catalogue's."""

    @property
    def key(self) -> str:
        """Return what the record is stored under."""
        return dated_key(self.spot_id, self.valid_from_ns)


class ParkingZone(Struct, frozen=True, gc=False, omit_defaults=True, tag="parking_zone"):
    """Spots that are counted together and have rules in common."""

    zone_id: str
    written_us: int
    name: str = ""
    max_stay_s: dict[str, int] = {}
    """Longest allowed stay in seconds by kind of spot; a kind that is not named has no limit."""

    @property
    def key(self) -> str:
        """Return what the record is stored under."""
        return self.zone_id


def sensor_since_ns(versions: Iterable[Spot], at_ns: int) -> int:
    """Return since when the sensor of ``at_ns`` is in its spot: a new zone, kind or limit does not take it out."""
    since_ns, dev_eui = 0, None
    for each in sorted(versions, key=lambda spot: spot.valid_from_ns):
        if each.valid_from_ns > at_ns:
            break
        sensor = "" if each.removed else each.dev_eui
        if sensor != dev_eui:
            since_ns, dev_eui = each.valid_from_ns, sensor
    return since_ns


def max_stay_ns(spot: Spot, zone: ParkingZone | None) -> int:
    """Return the longest allowed stay on ``spot`` in ns; 0: no limit."""
    seconds = spot.max_stay_s or (zone.max_stay_s.get(spot.kind, 0) if zone else 0)
    return seconds * 1_000_000_000
