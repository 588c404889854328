"""The state of a spot at an instant: what its sensor said of it, and what the administration says against that."""

from collections.abc import Sequence
from enum import StrEnum

from msgspec import Struct

from domain.between import Between
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


def spot_state(
    spot: Spot, zone: ParkingZone | None, closures: Sequence[Closure], history: Sequence[Phase], at_ns: int
) -> SpotState:
    """Return the state of ``spot`` at ``at_ns``.

    Args:
        spot: as it is valid then.
        zone: its zone, if that is known.
        closures: all that may concern it.
        history: its phases up to ``at_ns``.
        at_ns: the instant asked for.
    """
    closure = closure_at(closures, spot.spot_id, spot.zone, at_ns)
    if closure is not None:
        reason = f"closed: {closure.reason}" if closure.reason else "closed"
        return SpotState(spot, at_ns, Occupancy.OUT_OF_SERVICE, reason=reason)
    if not history:
        return SpotState(spot, at_ns, Occupancy.UNKNOWN, reason="no_report" if spot.dev_eui else "no_sensor")
    phase = history[-1]
    if phase.occupied is None:
        return SpotState(spot, at_ns, Occupancy.UNKNOWN, phase.since, phase.reason)
    if not phase.occupied:
        return SpotState(spot, at_ns, Occupancy.FREE, phase.since)
    exceeded = overstay(stays(history)[-1], max_stay_ns(spot, zone), at_ns)
    return SpotState(spot, at_ns, Occupancy.OCCUPIED, phase.since, overstay=exceeded)
