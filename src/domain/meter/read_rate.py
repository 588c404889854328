"""Read rates: how many of the readings that should have come in a day did come, by zone and type.

A device that reads every quarter of an hour has 96 slots on a day of 24 hours, 92 when the clocks go on and 100 when
they go back; a slot is read if a reading of it is there, however many and whenever it came.
"""

from collections.abc import Iterable, Sequence

from msgspec import Struct

from domain.meter.medium import Medium

_NS_PER_S = 10**9


class Group(Struct, frozen=True, order=True):
    """Whose read rate it is."""

    zone: str
    medium: Medium
    device_type: str


class DayOfDevice(Struct, frozen=True, gc=False):
    """What was read of a meter in a part of a day."""

    group: Group
    since_ns: int
    until_ns: int
    interval_s: int
    """How often the device should read; 0: not known, so that nothing is expected of it."""
    read_ns: Sequence[int]
    """When it was read, in any order."""


class ReadRate(Struct, frozen=True, gc=False):
    """The readings of a group in a day."""

    group: Group
    since_ns: int
    until_ns: int
    meters: int
    heard: int
    """Meters with at least one reading."""
    expected: int
    """Slots, of the meters whose interval is known."""
    received: int
    """Slots with a reading, of the same meters."""
    unknown: int
    """Meters of which nobody has said how often they should be read."""


def read_rates(days: Iterable[DayOfDevice], since_ns: int, until_ns: int) -> list[ReadRate]:
    """Return the read rates of one day, by group."""
    groups: dict[Group, list[DayOfDevice]] = {}
    for each in days:
        groups.setdefault(each.group, []).append(each)
    return [_rate(group, groups[group], since_ns, until_ns) for group in sorted(groups)]


def _rate(group: Group, days: Sequence[DayOfDevice], since_ns: int, until_ns: int) -> ReadRate:
    known = [each for each in days if each.interval_s]
    return ReadRate(
        group,
        since_ns,
        until_ns,
        len(days),
        sum(bool(each.read_ns) for each in days),
        sum(expected(each) for each in known),
        sum(received(each) for each in known),
        len(days) - len(known),
    )


def expected(day: DayOfDevice) -> int:
    """Return how many whole slots the day has."""
    return (day.until_ns - day.since_ns) // (day.interval_s * _NS_PER_S)


def received(day: DayOfDevice) -> int:
    """Return how many slots of the day were read."""
    width_ns = day.interval_s * _NS_PER_S
    slots = {(each - day.since_ns) // width_ns for each in day.read_ns if day.since_ns <= each < day.until_ns}
    return min(len(slots), expected(day))
