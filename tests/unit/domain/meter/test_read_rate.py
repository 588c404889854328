"""How many of the readings that should have come in a day did come."""

from domain.meter import DayOfDevice, Grain, Group, Medium, read_rates
from tests.unit.domain.meter.points import HOUR, NS, by, ns

QUARTER = 900
WEST = Group("Weststadt", Medium.WATER, "nas_um30xx")
EAST = Group("Oststadt", Medium.WATER, "nas_um30xx")


def a_day(
    *read_ns: int, group: Group = WEST, day: str = "2026-06-15", hours: int = 24, interval_s: int = QUARTER
) -> DayOfDevice:
    """Return the day of a device."""
    since = ns(f"{day} 00:00")
    return DayOfDevice(group, since, since + hours * HOUR, interval_s, read_ns)


def every(seconds: int, since: int, until: int, delay_s: int = 7) -> list[int]:
    """Return instants between two."""
    return list(range(since + delay_s * NS, until, seconds * NS))


def test_a_device_that_reads_every_quarter_has_92_slots_in_spring_and_100_in_autumn() -> None:
    for since, until, slots in (
        ("2026-03-29", "2026-03-30", 92),
        ("2026-10-25", "2026-10-26", 100),
        ("2026-06-15", "2026-06-16", 96),
    ):
        start, end = by(Grain.DAY, f"{since} 00:00", f"{until} 00:00")
        day = DayOfDevice(WEST, start, end, QUARTER, every(QUARTER, start, end))
        (rate,) = read_rates([day], start, end)
        assert (rate.expected, rate.received) == (slots, slots)


def test_a_slot_is_read_once_however_often_and_late() -> None:
    start = ns("2026-06-15 00:00")
    (rate,) = read_rates([a_day(start + 5, start + 6, start + 899 * NS, start + 900 * NS)], start, start + 24 * HOUR)
    assert (rate.received, rate.expected) == (2, 96)


def test_what_was_read_on_another_day_is_not_counted() -> None:
    start = ns("2026-06-15 00:00")
    (rate,) = read_rates([a_day(start - 1, start + 24 * HOUR)], start, start + 24 * HOUR)
    assert rate.received == 0


def test_of_an_assignment_that_began_at_noon_only_half_a_day_is_expected() -> None:
    noon = ns("2026-06-15 12:00")
    day = DayOfDevice(WEST, noon, noon + 12 * HOUR, 3_600, [noon])
    (rate,) = read_rates([day], noon - 12 * HOUR, noon + 12 * HOUR)
    assert (rate.expected, rate.received) == (12, 1)


def test_rates_are_by_zone_and_type() -> None:
    start = ns("2026-06-15 00:00")
    rates = read_rates([a_day(start), a_day(group=EAST), a_day(start, start + 1, group=EAST)], start, start + 24 * HOUR)
    assert [(each.group, each.meters, each.heard) for each in rates] == [(EAST, 2, 1), (WEST, 1, 1)]


def test_of_a_device_whose_interval_nobody_knows_nothing_is_expected() -> None:
    start = ns("2026-06-15 00:00")
    (rate,) = read_rates([a_day(start, interval_s=0), a_day(start)], start, start + 24 * HOUR)
    assert (rate.meters, rate.heard, rate.unknown, rate.expected, rate.received) == (2, 2, 1, 96, 1)
