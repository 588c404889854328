"""The state of a spot, and of the spots of a zone together."""

from domain.between import exactly
from domain.parking import (
    Closure,
    Occupancy,
    Overstay,
    ParkingZone,
    SpotCount,
    SpotKind,
    SpotReport,
    SpotState,
    evidence,
    phases,
    spot_state,
    zone_count,
)
from tests.unit.domain.parking.sequences import a_spot, a_zone, at, came, left, startup


def state(*reports: SpotReport, minutes: float = 60, zone: ParkingZone | None = None, **spot: object) -> SpotState:
    """Return the state of a spot some minutes after noon."""
    return spot_state(a_spot(**spot), zone, closures(), phases(evidence(reports)), at(minutes))  # type: ignore[arg-type]  # a test names any field


def closures(*more: Closure) -> list[Closure]:
    """Return a market on the next day, and ``more``."""
    return [Closure(1, at(1_440), at(2_000), zone="hafen", reason="Wochenmarkt"), *more]


def test_a_spot_is_occupied_or_free_since_the_last_change() -> None:
    taken, free = state(came(0)), state(came(0), left(20))
    assert (taken.occupancy, taken.since) == (Occupancy.OCCUPIED, exactly(at(0)))
    assert (free.occupancy, free.since) == (Occupancy.FREE, exactly(at(20)))


def test_why_a_state_is_unknown_is_said() -> None:
    assert (state().occupancy, state().reason) == (Occupancy.UNKNOWN, "no_report")
    assert state(dev_eui="").reason == "no_sensor"
    assert state(came(0), startup(30, occupied=False)).reason == "restarted"


def test_a_planned_closure_goes_before_what_the_sensor_says() -> None:
    closed = state(came(0), minutes=1_440)
    assert (closed.occupancy, closed.reason) == (Occupancy.OUT_OF_SERVICE, "closed: Wochenmarkt")
    assert state(came(0), minutes=2_000).occupancy is Occupancy.OCCUPIED


def test_a_closure_of_one_spot_leaves_the_others_open() -> None:
    crane = closures(Closure(1, at(0), spot_id="hafen-1"))
    assert spot_state(a_spot("hafen-1"), None, crane, (), at(10_000)).occupancy is Occupancy.OUT_OF_SERVICE
    assert spot_state(a_spot("hafen-2"), None, crane, (), at(10)).occupancy is Occupancy.UNKNOWN


def test_a_closure_that_was_called_off_closes_nothing() -> None:
    assert not Closure(2, at(0), at(0), zone="hafen").covers("hafen-1", "hafen", at(0))


def test_a_closure_of_no_zone_closes_no_spot_without_zone() -> None:
    assert not Closure(2, at(0)).covers("hafen-1", "", at(0))


def test_a_stay_beyond_the_limit_of_its_kind_shows() -> None:
    zone = a_zone(charging=1_800)
    assert state(came(0), kind=SpotKind.CHARGING, zone=zone).overstay is Overstay.CERTAIN
    assert state(came(0), zone=zone).overstay is Overstay.NO


def test_a_zone_counts_its_spots_by_state_and_kind() -> None:
    closed = spot_state(a_spot("hafen-4"), None, [Closure(1, at(0), spot_id="hafen-4")], (), at(60))
    charging = state(came(0), kind=SpotKind.CHARGING, zone=a_zone(charging=1_800))
    zone = zone_count([state(came(0)), state(left(0)), state(), closed, charging])
    assert zone.total == SpotCount(2, 1, 1, 1, overstayed=1)
    assert zone.total.capacity == 5
    assert zone.by_kind == {SpotKind.CHARGING: SpotCount(1, overstayed=1), SpotKind.PUBLIC: SpotCount(1, 1, 1, 1)}


def test_an_empty_zone_has_no_capacity() -> None:
    assert zone_count([]).total == SpotCount()
