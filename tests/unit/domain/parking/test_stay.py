"""How long cars stay, and who stays too long."""

import pytest

from domain.between import Between, exactly
from domain.parking import Overstay, SpotKind, Stay, evidence, max_stay_ns, overstay, phases, stays
from tests.unit.domain.parking.sequences import MINUTE, a_spot, a_zone, at, came, heartbeat, left, lost

HOUR = 60 * MINUTE


def test_a_stay_reaches_from_an_arrival_to_the_next_departure() -> None:
    (stay,) = stays(phases(evidence([left(-5), came(0), heartbeat(20, occupied=True), left(40)])))
    assert stay == Stay(exactly(at(0)), exactly(at(40)), unbroken=True)
    assert stay.shortest_ns(at(600)) == stay.longest_ns(at(600)) == 40 * MINUTE


def test_the_last_stay_lasts() -> None:
    (stay,) = stays(phases(evidence([came(0)])))
    assert stay.until is None
    assert stay.shortest_ns(at(25)) == 25 * MINUTE


def test_a_stay_with_bounds_has_a_shortest_and_a_longest_time() -> None:
    stay = Stay(Between(at(0), at(10)), Between(at(30), at(60)), unbroken=True)
    assert stay.shortest_ns(at(600)) == 20 * MINUTE
    assert stay.longest_ns(at(600)) == 60 * MINUTE


def test_nobody_knows_how_long_a_stay_lasts_whose_beginning_was_not_seen() -> None:
    (stay,) = stays(phases(evidence([heartbeat(0, occupied=True)])))
    assert stay.longest_ns(at(10)) is None


@pytest.mark.parametrize("minutes, verdict", [(59, Overstay.NO), (60, Overstay.NO), (61, Overstay.CERTAIN)])
def test_a_stay_beyond_the_limit_is_an_overstay(minutes: int, verdict: Overstay) -> None:
    (stay,) = stays(phases(evidence([came(0)])))
    assert overstay(stay, HOUR, at(minutes)) is verdict


def test_a_stay_that_may_have_been_two_is_a_possible_overstay() -> None:
    reports = [came(0), heartbeat(90, occupied=True)]
    (stay,) = stays(phases(evidence(reports, [lost(0, 90)])))
    assert overstay(stay, HOUR, at(100)) is Overstay.POSSIBLE


def test_a_stay_whose_bounds_leave_it_open_is_a_possible_overstay() -> None:
    (stay,) = stays(phases(evidence([left(0), heartbeat(50, occupied=True)])))
    assert overstay(stay, HOUR, at(70)) is Overstay.POSSIBLE
    assert overstay(stay, HOUR, at(111)) is Overstay.CERTAIN


def test_without_a_limit_nobody_stays_too_long() -> None:
    (stay,) = stays(phases(evidence([came(0)])))
    assert overstay(stay, 0, at(10_000)) is Overstay.NO


def test_the_limit_of_a_spot_goes_before_that_of_its_kind_in_the_zone() -> None:
    zone = a_zone(charging=4 * 3_600)
    assert max_stay_ns(a_spot(kind=SpotKind.CHARGING), zone) == 4 * HOUR
    assert max_stay_ns(a_spot(kind=SpotKind.CHARGING, max_stay_s=1_800), zone) == HOUR // 2
    assert max_stay_ns(a_spot(kind=SpotKind.PUBLIC), zone) == 0
    assert max_stay_ns(a_spot(kind=SpotKind.CHARGING), None) == 0
