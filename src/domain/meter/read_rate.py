"""Read rates: how many of the readings that should have come in a day did come, by zone and type.

A device that reads every quarter of an hour has 96 slots on a day of 24 hours, 92 when the clocks go on and 100 when
they go back; a slot is read if a reading of it is there, however many and whenever it came.
"""

from collections.abc import Iterable

from msgspec import Struct

from domain.meter.medium import Medium

_NS_PER_S = 10**9


class Group(Struct, frozen=True, order=True):
    """Whose read rate it is."""

    zone: str
    medium: Medium
    device_type: str


class DayOfMeter(Struct, frozen=True, gc=False):
    """The part of a day in which a device read a meter."""

    group: Group
    since_ns: int
    until_ns: int
    interval_s: int
    """How often the device should read; 0: not known, so that nothing is expected of it."""

    @property
    def expected(self) -> int:
        """How many whole slots it has."""
        return (self.until_ns - self.since_ns) // (self.interval_s * _NS_PER_S) if self.interval_s else 0

    def received(self, read_ns: Iterable[int]) -> int:
        """Return how many slots were read, at the instants ``read_ns`` in any order."""
        width_ns = self.interval_s * _NS_PER_S
        if not width_ns:
            return 0
        slots = {(each - self.since_ns) // width_ns for each in read_ns if self.since_ns <= each < self.until_ns}
        return min(len(slots), self.expected)


class ReadRate(Struct, frozen=True, gc=False):
    """The readings of a group in a day."""

    group: Group
    since_ns: int
    until_ns: int
    meters: int = 0
    heard: int = 0
    """Meters with at least one reading."""
    expected: int = 0
    """Slots, of the meters whose interval is known."""
    received: int = 0
    """Slots with a reading, of the same meters."""
    unknown: int = 0
    """Meters of which nobody has said how often they should be read."""


class ReadRates:
    """Adds up the meters of one day, ``[since_ns, until_ns)``, by group."""

    def __init__(self, since_ns: int, until_ns: int) -> None:
        self.since_ns, self.until_ns = since_ns, until_ns
        self._groups: dict[Group, ReadRate] = {}

    def add(self, day: DayOfMeter, read_ns: Iterable[int]) -> None:
        """Count a meter that was read at ``read_ns``."""
        before = self._groups.get(day.group) or ReadRate(day.group, self.since_ns, self.until_ns)
        read = [each for each in read_ns if day.since_ns <= each < day.until_ns]
        self._groups[day.group] = ReadRate(
            day.group,
            self.since_ns,
            self.until_ns,
            before.meters + 1,
            before.heard + bool(read),
            before.expected + day.expected,
            before.received + day.received(read),
            before.unknown + (not day.interval_s),
        )

    def by_group(self) -> list[ReadRate]:
        """Return the rates, by zone, medium and device type."""
        return [self._groups[group] for group in sorted(self._groups)]
