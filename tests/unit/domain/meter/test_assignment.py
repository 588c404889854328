"""Which meter hung where, and which device read it: dated, and never two at once."""

import pytest

from domain.errors import InvalidValue
from domain.meter import (
    OPEN_NS,
    Assignment,
    Assignments,
    AssignmentsOverlap,
    DeviceAtMeter,
    MeterAtPoint,
    MeterId,
    PointId,
    check_assignment,
    meter_id,
    point_id,
    spans_of,
)
from tests.unit.domain.meter.points import DEVICE, NEW, OLD, OTHER, START, hangs, ns, reads

NOON = ns("2026-06-15 12:00")
ELSEWHERE = PointId("elsewhere")


@pytest.mark.parametrize(
    "new",
    [
        MeterAtPoint(hangs().point, NEW, NOON - 1, 0),
        MeterAtPoint(ELSEWHERE, OLD, START, 0),
        reads(OLD, OTHER, NOON - 1),
        reads(NEW, DEVICE, START, device_input="pulse1"),
    ],
    ids=["two meters at a point", "a meter at two points", "two devices at a meter", "an input at two meters"],
)
def test_what_overlaps_is_refused(new: Assignment) -> None:
    known: list[Assignment] = [hangs(until_ns=NOON), reads(until_ns=NOON)]
    with pytest.raises(AssignmentsOverlap) as refused:
        check_assignment(new, known)
    assert refused.value.attributes["other"] in {each.key for each in known}


@pytest.mark.parametrize(
    "new",
    [
        hangs(NEW, NOON),
        MeterAtPoint(ELSEWHERE, OLD, NOON, 0),
        reads(OLD, OTHER, NOON),
        reads(NEW, DEVICE, NOON),
        hangs(until_ns=NOON - 1),
    ],
    ids=["the next meter", "the meter moved", "the next radio", "the radio moved", "a correction of its own end"],
)
def test_what_follows_or_corrects_is_taken(new: Assignment) -> None:
    check_assignment(new, [hangs(until_ns=NOON), reads(until_ns=NOON)])


def test_two_inputs_of_a_device_may_read_two_meters() -> None:
    check_assignment(reads(NEW, device_input="pulse2"), [reads(OLD, device_input="pulse1")])


def test_a_circuit_is_not_the_one_whose_name_begins_alike() -> None:
    check_assignment(reads(NEW, device_input="ch11"), [reads(OLD, device_input="ch1")])
    assert not reads(device_input="ch1").reads("ch11")
    assert reads(device_input="ch1").reads("ch1.l3")


@pytest.mark.parametrize("register", ["water.volume.backwards/", "water.flow/", "water.volume/nowhere", ""])
def test_a_meter_shows_registers(register: str) -> None:
    check_assignment(hangs(showed={"water.volume/": 1, "electricity.energy.active.import/t1": 2}), [])
    with pytest.raises(InvalidValue):
        check_assignment(hangs(showed_last={register: 1}), [])


def test_of_many_assignments_a_new_one_meets_those_that_claim_the_same() -> None:
    points = [MeterAtPoint(PointId(f"p{number}"), MeterId(f"m{number}"), START, 0) for number in range(100)]
    known = Assignments(points)
    known.add(MeterAtPoint(PointId("p100"), MeterId("m100"), START, 0))
    with pytest.raises(AssignmentsOverlap):
        known.add(MeterAtPoint(PointId("p101"), MeterId("m100"), NOON, 0))
    known.add(MeterAtPoint(PointId("p100"), MeterId("m100"), START, 1, NOON))
    known.add(MeterAtPoint(PointId("p101"), MeterId("m100"), NOON, 0))
    with pytest.raises(AssignmentsOverlap):
        known.add(MeterAtPoint(PointId("p7"), MeterId("m101"), NOON, 0))


def test_what_was_refused_stands_in_nobodys_way() -> None:
    known = Assignments([reads(OLD, DEVICE, until_ns=NOON)])
    with pytest.raises(AssignmentsOverlap):
        known.add(reads(NEW, DEVICE, NOON - 1))
    known.add(reads(NEW, OTHER, NOON - 1))


@pytest.mark.parametrize("since_ns, until_ns", [(NOON, NOON), (NOON, NOON - 1), (-1, NOON)])
def test_an_assignment_starts_before_it_ends_and_not_before_1970(since_ns: int, until_ns: int) -> None:
    with pytest.raises(InvalidValue):
        check_assignment(hangs(since_ns=since_ns, until_ns=until_ns), [])


def test_spans_are_where_a_meter_hung_and_a_device_read_it() -> None:
    one, three = ns("2026-06-15 13:00"), ns("2026-06-15 15:00")
    hung = [hangs(OLD, START, NOON), hangs(NEW, one)]
    devices = {OLD: [reads(OLD, DEVICE, START)], NEW: [reads(NEW, DEVICE, one, three), reads(NEW, OTHER, three)]}
    spans = spans_of(hung, devices, 0, OPEN_NS)
    assert [(each.since_ns, each.until_ns, each.device_at_meter.dev_eui) for each in spans] == [
        (START, NOON, DEVICE),
        (one, three, DEVICE),
        (three, OPEN_NS, OTHER),
    ]
    assert [each.since_ns for each in spans_of(hung, devices, NOON, three)] == [one]


def test_keys_begin_with_what_the_assignment_is_about() -> None:
    assert hangs(since_ns=0).key == "DE0008962000000000000000000012345/1970-01-01T00:00:00Z"
    assert DeviceAtMeter(OLD, DEVICE, 10**9, 0).key == "old-meter/1970-01-01T00:00:01Z"


@pytest.mark.parametrize("text", ["DE0001", "1ESY1161234567", "a.b_c~d-e", "x" * 64])
def test_names_are_of_letters_digits_and_little_else(text: str) -> None:
    assert (str(point_id(text)), str(meter_id(text))) == (text, text)


@pytest.mark.parametrize("text", ["", "a/b", "-a", "ä", "a b", "x" * 65, "a\n"])
def test_names_that_would_break_a_key_are_refused(text: str) -> None:
    with pytest.raises(InvalidValue):
        point_id(text)
    with pytest.raises(InvalidValue):
        meter_id(text)
