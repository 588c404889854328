"""The state of a spot at an instant: what its sensor said of it, and what the administration says against that."""

from collections.abc import Sequence
from enum import StrEnum

from msgspec import Struct

from domain.between import Between
from domain.observation import DataClass, data_class_of
from domain.parking.closure import Closure, closure_at
from domain.parking.phase import Phase
from domain.parking.spot import ParkingZone, Spot, max_stay_ns
from domain.parking.stay import Overstay, overstay, stays


class Occupancy(StrEnum):
    """What a driver who looks for a spot wants to know."""

    OCCUPIED = "occupied"
    FREE = "free"
    UNKNOWN = "unknown"
    OUT_OF_SERVICE = "out_of_service"
    """Closed by plan; whatever stands there."""


class SpotState(Struct, frozen=True, gc=False):
    """The answer."""

    spot: Spot
    at_ns: int
    occupancy: Occupancy
    since: Between | None = None
    """When that state began; None: not known, as with a spot out of service."""
    reason: str = ""
    """Why it is unknown or out of service: ``no_sensor``, ``no_report``, ``restarted``, ``frames_lost``, ``silent``,
    ``closed`` or ``closed: <reason>``."""
    overstay: Overstay = Overstay.NO
    data_class: DataClass = DataClass.OCCUPANCY
    """Whose business it is."""


def spot_state(
    spot: Spot,
    zone: ParkingZone | None,
    closures: Sequence[Closure],
    history: Sequence[Phase],
    at_ns: int,
    said_class: str = "",
) -> SpotState:
    """Return the state of ``spot`` at ``at_ns``.

    Args:
        spot: as it is valid then; what it says of its data class goes before ``said_class``.
        zone: its zone, if that is known.
        closures: all that may concern it.
        history: its phases up to ``at_ns``.
        at_ns: the instant asked for.
        said_class: what the registry says of the data class of its sensor.
    """
    found = _found(spot, closures, history, at_ns)
    exceeded = Overstay.NO
    if found.occupancy is Occupancy.OCCUPIED:
        exceeded = overstay(stays(history)[-1], max_stay_ns(spot, zone), at_ns)
    data_class = data_class_of("parking.occupied", spot.data_class or said_class)
    return SpotState(spot, at_ns, found.occupancy, found.since, found.reason, exceeded, data_class)


class _Found(Struct, frozen=True):
    occupancy: Occupancy
    since: Between | None = None
    reason: str = ""


def _found(spot: Spot, closures: Sequence[Closure], history: Sequence[Phase], at_ns: int) -> _Found:
    closure = closure_at(closures, spot.spot_id, spot.zone, at_ns)
    if closure is not None:
        return _Found(Occupancy.OUT_OF_SERVICE, None, f"closed: {closure.reason}" if closure.reason else "closed")
    if not history:
        return _Found(Occupancy.UNKNOWN, None, "no_report" if spot.dev_eui else "no_sensor")
    phase = history[-1]
    if phase.occupied is None:
        return _Found(Occupancy.UNKNOWN, phase.since, phase.reason)
    return _Found(Occupancy.OCCUPIED if phase.occupied else Occupancy.FREE, phase.since)
