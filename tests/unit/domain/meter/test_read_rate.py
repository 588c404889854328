"""How many of the readings that should have come in a day did come."""

from domain.meter import DayOfMeter, Grain, Group, Medium, ReadRate, ReadRates
from tests.unit.domain.meter.points import HOUR, NS, by, ns

QUARTER = 900
WEST = Group("Weststadt", Medium.WATER, "nas_um30xx")
EAST = Group("Oststadt", Medium.WATER, "nas_um30xx")
START = ns("2026-06-15 00:00")
NOON, END = START + 12 * HOUR, START + 24 * HOUR


def a_day(group: Group = WEST, interval_s: int = QUARTER, since_ns: int = START) -> DayOfMeter:
    """Return the 15th of June of a meter."""
    return DayOfMeter(group, since_ns, END, interval_s)


def rates(*days: tuple[DayOfMeter, list[int]]) -> list[ReadRate]:
    """Return the rates of the 15th of June."""
    found = ReadRates(START, END)
    for day, read_ns in days:
        found.add(day, read_ns)
    return found.by_group()


def test_a_device_that_reads_every_quarter_has_92_slots_in_spring_and_100_in_autumn() -> None:
    for since, until, slots in (
        ("2026-03-29", "2026-03-30", 92),
        ("2026-10-25", "2026-10-26", 100),
        ("2026-06-15", "2026-06-16", 96),
    ):
        start, end = by(Grain.DAY, f"{since} 00:00", f"{until} 00:00")
        day = DayOfMeter(WEST, start, end, QUARTER)
        read_ns = range(start + 7 * NS, end, QUARTER * NS)
        assert (day.expected, day.received(read_ns)) == (slots, slots)


def test_a_slot_is_read_once_however_often_and_in_any_order() -> None:
    (rate,) = rates((a_day(), [START + 900 * NS, START + 6, START + 5, START + 899 * NS]))
    assert (rate.received, rate.expected) == (2, 96)


def test_what_was_read_on_another_day_is_not_counted() -> None:
    (rate,) = rates((a_day(), [START - 1, END]))
    assert (rate.received, rate.heard) == (0, 0)


def test_of_an_assignment_that_began_at_noon_only_half_a_day_is_expected() -> None:
    (rate,) = rates((a_day(interval_s=3_600, since_ns=NOON), [NOON]))
    assert (rate.expected, rate.received) == (12, 1)


def test_rates_are_by_zone_and_type() -> None:
    found = rates((a_day(), [START]), (a_day(EAST), []), (a_day(EAST), [START, START + 1]))
    assert [(each.group, each.meters, each.heard) for each in found] == [(EAST, 2, 1), (WEST, 1, 1)]


def test_of_a_device_whose_interval_nobody_knows_nothing_is_expected() -> None:
    (rate,) = rates((a_day(interval_s=0), [START]), (a_day(), [START]))
    assert (rate.meters, rate.heard, rate.unknown, rate.expected, rate.received) == (2, 2, 1, 96, 1)
