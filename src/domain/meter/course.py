"""The course of one register at a metering point, through exchanges, roll-overs and jumps.

At any instant it has a *position*: a whole number of the register's steps that only grows. Consumption is the
difference of two positions, so that what adjoins adds up to the last digit, whatever happened in between. A position
is the meter's register, rounded once to its resolution, plus what earlier meters had counted.
"""

from bisect import bisect_right
from collections.abc import Sequence
from fractions import Fraction

from msgspec import Struct

from domain.meter.assignment import DeviceAtMeter, MeterAtPoint
from domain.meter.counting import Counting, RegisterReading
from domain.meter.reasons import Reason


class Stretch(Struct, frozen=True):
    """Readings of one register under one definition, within one assignment."""

    since_ns: int
    """Readings before it only tell how often the counter has gone round."""
    rules: Counting
    meter_at_point: MeterAtPoint
    readings: Sequence[RegisterReading]
    """Oldest first."""
    device_at_meter: DeviceAtMeter | None = None
    """None: somebody read the meter by eye, when it was built in or taken out."""

    @property
    def has_index(self) -> bool:
        """Whether its definition says what this meter showed; one from before the device came speaks of another."""
        definition, device = self.rules.definition, self.device_at_meter
        return definition.index is not None and (device is None or device.since_ns <= definition.valid_from_ns)


class Run(Struct, frozen=True):
    """A part of the course without a jump."""

    stretch: Stretch
    times: Sequence[int]
    registers: Sequence[int]
    """What the meter showed, times ``rules.denominator``; only growing."""
    qualities: Sequence[str]
    base: int
    """What must be added to the meter's register to have the position."""
    jump: Reason | None
    """What was between the run before and this one; None: nothing was lost."""
    anchored: bool
    """Whether the registers are what the meter shows; after a jump, or without an index, they only count on."""

    def register(self, index: int) -> int:
        """Return what the meter showed at a reading, rounded to its resolution."""
        return self.rounded(Fraction(self.registers[index], self.stretch.rules.denominator))

    def shown(self, register: int) -> int:
        """Return ``register`` as the meter displays it: one that the device sends as it is shown goes round too."""
        definition, turn = self.stretch.rules.definition, self.turn
        return register % turn if turn and definition.source == definition.measurand else register

    @property
    def turn(self) -> int:
        """How far the register goes until the counter is at 0 again; 0: never, or by no whole steps."""
        rules = self.stretch.rules
        turn = Fraction(rules.definition.modulus * rules.numerator, rules.denominator)
        return turn.numerator if turn.denominator == 1 else 0

    def rounded(self, register: Fraction) -> int:
        """Return ``register`` in whole steps of its resolution; halves go up."""
        step = self.stretch.rules.definition.resolution
        return (2 * register.numerator + register.denominator * step) // (2 * register.denominator * step) * step


class Place(Struct, frozen=True, gc=False):
    """A reading of a course."""

    run: int
    index: int


class Course(Struct, frozen=True):
    """The runs of one register, oldest first."""

    runs: Sequence[Run]
    places: Sequence[Place]
    """Every reading of every run, in order."""
    times: Sequence[int]
    """When each was."""

    def last(self, at_ns: int) -> int | None:
        """Return the place in the list of the last reading at or before ``at_ns``."""
        found = bisect_right(self.times, at_ns)
        return found - 1 if found else None

    def run(self, number: int) -> Run:
        """Return the run of a reading."""
        return self.runs[self.places[number].run]

    def exact(self, number: int) -> Fraction:
        """Return the unrounded register of a reading."""
        run = self.run(number)
        return Fraction(run.registers[self.places[number].index], run.stretch.rules.denominator)

    def quality(self, number: int) -> str:
        """Return the quality of a reading."""
        return self.run(number).qualities[self.places[number].index]

    def jumps(self, first: int, last: int) -> list[Reason]:
        """Return what lies between two readings of the list."""
        runs = self.runs[self.places[first].run + 1 : self.places[last].run + 1]
        return [run.jump for run in runs if run.jump is not None]


def course(runs: Sequence[Run]) -> Course:
    """Return ``runs`` as a course."""
    places = [Place(number, index) for number, run in enumerate(runs) for index in range(len(run.times))]
    return Course(runs, places, [runs[place.run].times[place.index] for place in places])
