"""Faults of lamps, and how long their repair took."""

from domain.between import Between
from domain.lighting import Fault, FaultReport, faults
from tests.unit.domain.lighting.nights import HOUR, at, faulty, sound

LATCHED = "lamp.latched"


def test_a_fault_begins_and_ends_between_two_reports() -> None:
    (fault,) = faults([sound(0), faulty(6), faulty(12), sound(30)])
    assert fault == Fault("lamp.dali3", Between(at(0), at(6)), Between(at(12), at(30)), False)
    assert fault.shortest_ns(at(99)) == 6 * HOUR
    assert fault.longest_ns(at(99)) == 30 * HOUR


def test_a_fault_lasts_until_somebody_says_otherwise() -> None:
    (fault,) = faults([sound(0), faulty(6)])
    assert fault.until is None
    assert (fault.shortest_ns(at(10)), fault.longest_ns(at(10))) == (4 * HOUR, 10 * HOUR)


def test_nobody_knows_when_a_fault_began_that_was_there_from_the_start() -> None:
    (fault,) = faults([faulty(6), sound(7)])
    assert fault.since == Between(None, at(6))
    assert fault.longest_ns(at(10)) is None


def test_the_order_of_arrival_does_not_matter() -> None:
    said = [sound(0), faulty(6), faulty(12), sound(30), faulty(31)]
    assert faults(said[::-1]) == faults(said)
    assert len(faults(said)) == 2


def test_a_latched_flag_says_that_it_was_so_within_a_day() -> None:
    (fault,) = faults([sound(0, LATCHED), faulty(36, LATCHED)])
    assert fault == Fault(LATCHED, Between(at(12), at(36)), None, True)
    assert fault.shortest_ns(at(99)) == 0


def test_a_latched_flag_goes_a_day_after_what_it_remembers() -> None:
    (fault,) = faults([sound(0, LATCHED), faulty(6, LATCHED), faulty(29, LATCHED), sound(31, LATCHED)])
    assert fault == Fault(LATCHED, Between(at(0), at(6)), Between(at(5), at(7)), True)
    assert fault.shortest_ns(at(99)) == 0
    assert fault.longest_ns(at(99)) == 7 * HOUR


def test_a_driver_that_was_without_power_has_no_fault() -> None:
    assert faults([sound(0, "power.dali3"), faulty(1, "power.dali3")]) == []


def test_a_lamp_has_its_own_faults_and_those_of_all() -> None:
    channels = ["lamp.dali3", "driver.dali3", "lamp.dali4", "bus", "controller", "lamp", "lamp.dali_all", LATCHED]
    found = faults([FaultReport(at(0), channel, True) for channel in channels], "dali3")
    assert {fault.channel for fault in found} == set(channels) - {"lamp.dali4"}
