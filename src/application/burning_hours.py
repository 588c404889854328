"""A lamp's burning hours and faults in a window, from the readings of its controllers."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from msgspec import Struct

from application.dated_records import found, versions
from application.errors import NotFound
from application.lamp_circuits import LampCircuits
from application.off_the_loop import off_the_loop
from application.ports.clock import Clock
from application.ports.master_data import MasterData
from application.ports.reading_query import ReadingFilter, ReadingQuery, StoredReading
from application.window import window_end
from domain.dated import valid_at, validities
from domain.device import DeviceEntry
from domain.identifiers import DevEui
from domain.lighting import (
    OLDEST_BOUNDARY_NS,
    BurningHours,
    Fault,
    FaultReport,
    Gear,
    Lamp,
    LitReport,
    OnTime,
    computed_hours,
    faults,
    is_of_lamp,
    length_ns,
    register_channel,
    registered_hours,
)

_NS_PER_US = 1_000
_NS_PER_S = 1_000_000_000
_HOURLY_S = 3_600
"""Luminaires report their state every hour, unless they are told otherwise."""
_HELD = 2
"""Intervals for which a state is believed that nobody repeats: one report may be lost."""
_BEGUN_NS = 31 * 86_400 * _NS_PER_S
"""How far before a window the beginning of a fault is looked for."""
_REGISTER = "lamp.on_time"
_STATES = ("lamp.on", "lamp.dim_level")
_FAULT = "lamp.fault"


class LampHours(Struct, frozen=True):
    """Burning hours of a lamp in a window: two answers that are never summed, and the plan."""

    lamp_id: str
    since_ns: int
    until_ns: int
    """Not beyond the present."""
    registered: BurningHours
    """As its gear counted them."""
    computed: BurningHours
    """As its states tell them."""
    planned_ns: int | None
    """None: nobody has said when it should burn."""


class LampFaults(Struct, frozen=True):
    """The faults of a lamp in a window."""

    lamp_id: str
    since_ns: int
    until_ns: int
    """Not beyond the present: one that lasts has lasted until then."""
    faults: Sequence[Fault]
    """By their beginning."""


class _Told(NamedTuple):
    """What a controller said of a lamp."""

    dev_eui: str
    channel: str
    """Which of its values are the lamp's."""
    readings: Sequence[StoredReading]
    until_ns: int | None
    """When it was taken out; None: not in the window."""


class LampHistories:
    """Answers from stored readings; every method raises Unavailable."""

    def __init__(self, readings: ReadingQuery, records: MasterData, clock: Clock) -> None:
        self._readings = readings
        self._records = records
        self._circuits = LampCircuits(records)
        self._clock = clock

    async def hours(self, lamp_id: str, since_ns: int, until_ns: int) -> LampHours:
        """Return the burning hours of ``[since_ns, until_ns)``.

        Raises:
            NotFound: there is or was no lamp of that name.
            InvalidValue: the window is longer than a year.
        """
        until_ns = self._end(since_ns, until_ns)
        lamps = await self._lamps(lamp_id)
        told = await self._told(lamps, since_ns - OLDEST_BOUNDARY_NS, until_ns, (_REGISTER, *_STATES))
        powered = (await self._circuits.plan_of_lamp(lamps, since_ns - OLDEST_BOUNDARY_NS, until_ns)).powered
        planned = (await self._circuits.plan_of_lamp(lamps, since_ns, until_ns)).planned
        hold_ns = _HELD * await self._interval_s(lamps, until_ns) * _NS_PER_S
        gears = await versions(self._records, Gear, lamp_id)
        size = sum(len(each.readings) for each in told)
        return LampHours(
            lamp_id,
            since_ns,
            until_ns,
            await off_the_loop(size, registered_hours, _on_times(told), gears, since_ns, until_ns),
            await off_the_loop(size, computed_hours, _lit_reports(told), powered, since_ns, until_ns, hold_ns),
            None if planned is None else length_ns(planned),
        )

    async def faults(self, lamp_id: str, since_ns: int, until_ns: int) -> LampFaults:
        """Return the faults that stood in ``[since_ns, until_ns)``, also those told up to a month before.

        Raises:
            NotFound: there is or was no lamp of that name.
            InvalidValue: the window is longer than a year.
        """
        until_ns = self._end(since_ns, until_ns)
        told = await self._told(await self._lamps(lamp_id), since_ns - _BEGUN_NS, until_ns, (_FAULT,))
        known = [fault for each in told for fault in _faults(each)]
        in_window = [each for each in known if each.until is None or each.until.latest_ns >= since_ns]
        return LampFaults(lamp_id, since_ns, until_ns, in_window)

    def _end(self, since_ns: int, until_ns: int) -> int:
        return window_end(since_ns, until_ns, self._clock.now_us() * _NS_PER_US)

    async def _lamps(self, lamp_id: str) -> Sequence[Lamp]:
        """Return all versions of a lamp."""
        lamps = await versions(self._records, Lamp, lamp_id)
        if not lamps:
            raise NotFound(f"no lamp {lamp_id!r} is registered", lamp=lamp_id)
        return lamps

    async def _interval_s(self, lamps: Sequence[Lamp], until_ns: int) -> int:
        """Return how often the controller should say how its lamp is."""
        lamp = valid_at(lamps, until_ns)
        circuit = await self._circuits.circuit(lamp.circuit, until_ns) if lamp is not None else None
        if circuit is not None and circuit.expected_interval_s:
            return circuit.expected_interval_s
        entry = await found(self._records, DeviceEntry, lamp.dev_eui) if lamp is not None and lamp.dev_eui else None
        return (entry.expected_interval_s if entry else 0) or _HOURLY_S

    async def _told(
        self, lamps: Sequence[Lamp], since_ns: int, until_ns: int, measurands: Sequence[str]
    ) -> Sequence[_Told]:
        """Return what the controllers of a lamp said in the window, each while it was the lamp's."""
        told: list[_Told] = []
        for lamp, start_ns, end_ns in validities(lamps, since_ns, until_ns + 1):
            if lamp.dev_eui and not lamp.removed:
                asked = ReadingFilter(start_ns, end_ns, frozenset(measurands))
                chunks = self._readings.stream([DevEui(lamp.dev_eui)], asked)
                readings = [each async for chunk in chunks for each in chunk]
                told.append(_Told(lamp.dev_eui, lamp.channel, readings, end_ns if end_ns <= until_ns else None))
        return _by_controller(told)


def _by_controller(told: Sequence[_Told]) -> Sequence[_Told]:
    """Return ``told`` with what one controller said while the lamp changed otherwise put together."""
    found: list[_Told] = []
    for each in told:
        if found and (found[-1].dev_eui, found[-1].channel) == (each.dev_eui, each.channel):
            each = each._replace(readings=[*found.pop().readings, *each.readings])  # noqa: PLW2901
        found.append(each)
    return found


def _faults(told: _Told) -> Sequence[Fault]:
    """Return the faults that a controller told of."""
    reports = (FaultReport(each.event_ns, each.reading.channel, each.reading.value is True) for each in told.readings)
    return faults(reports, told.channel, told.until_ns)


def _on_times(told: Sequence[_Told]) -> Iterator[OnTime]:
    for controller in told:
        known = [each for each in controller.readings if each.reading.measurand == _REGISTER]
        channel = register_channel({each.reading.channel for each in known}, controller.channel)
        for each in known:
            if each.reading.channel == channel and isinstance(each.reading.value, int):
                yield OnTime(each.event_ns, each.reading.value)


def _lit_reports(told: Sequence[_Told]) -> Iterator[LitReport]:
    """Yield whether the lamp burned: at each instant what was said of it, before what its level was."""
    instants: dict[int, dict[str, bool]] = defaultdict(dict)
    for controller in told:
        for each in controller.readings:
            reading = each.reading
            if reading.measurand in _STATES and is_of_lamp(reading.channel, controller.channel):
                lit = isinstance(reading.value, int | float) and reading.value > 0
                instants[each.event_ns][reading.measurand] = lit
    for event_ns, said in instants.items():
        yield LitReport(event_ns, said.get("lamp.on", said.get("lamp.dim_level", False)))
