"""Street lighting: how lamps and circuits are now, and which alarms there are."""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Sequence

from msgspec import Struct

from application.dated_records import found, things, versions
from application.errors import NotFound
from application.lamp_circuits import LOOKED_BACK_NS, CircuitPlan, LampCircuits
from application.lamp_view import LampView, Registered, lamp_view
from application.ports.clock import Clock
from application.ports.device_states import DeviceStates
from application.ports.master_data import MasterData
from domain.dated import valid_at
from domain.device import DeviceEntry, DeviceState
from domain.identifiers import DevEui
from domain.lighting import Circuit, Gear, Lamp, LampAlarm, alarms

_AT_ONCE = 16
"""Lamps asked for together: half of what a session of Cassandra allows."""
_NS_PER_US = 1_000


class CircuitView(Struct, frozen=True):
    """A circuit at an instant."""

    circuit: Circuit
    at_ns: int
    lamps: int
    lit: int
    silent: int
    faulty: int
    is_planned: bool | None
    """Whether its lamps should burn; None: nobody has said."""
    alarms: Sequence[LampAlarm]
    """Its own, or those of its lamps; that of its cabinet where all of it is dark: of each, its own lamps."""


class Lighting:
    """Answers from what controllers said last and the administration says; every method raises Unavailable."""

    def __init__(self, states: DeviceStates, records: MasterData, clock: Clock) -> None:
        self._states = states
        self._records = records
        self._circuits = LampCircuits(records)
        self._clock = clock

    async def lamp(self, lamp_id: str) -> LampView:
        """Return how a lamp is now.

        Raises:
            NotFound: there is none of that name.
        """
        now_ns = self._now_ns()
        lamp = valid_at(await versions(self._records, Lamp, lamp_id), now_ns)
        if lamp is None or lamp.removed:
            raise NotFound(f"no lamp {lamp_id!r} is registered", lamp=lamp_id)
        return (await self._views([lamp], now_ns))[0]

    async def lamps(self, *, size: int, after: str = "", circuit: str = "") -> Sequence[LampView]:
        """Return up to ``size`` lamps by name, beyond ``after``, of one circuit if given; fewer only at the end."""
        now_ns = self._now_ns()
        chosen: list[Lamp] = []
        async for lamp in self._lamps(after, now_ns):
            if not circuit or lamp.circuit == circuit:
                chosen.append(lamp)
            if len(chosen) == size:
                break
        return await self._views(chosen, now_ns)

    async def circuits(self, *, size: int, after: str = "") -> Sequence[CircuitView]:
        """Return up to ``size`` circuits by name, beyond ``after``, with the lamps in them; fewer only at the end."""
        now_ns = self._now_ns()
        views = await self._all_views(now_ns)
        told = _alarms(views)
        members: dict[str, list[LampView]] = defaultdict(list)
        for view in views:
            members[view.lamp.circuit].append(view)
        circuits: list[CircuitView] = []
        async for _, known in things(self._records, Circuit, after):
            circuit = valid_at(known, now_ns)
            if circuit is not None and not circuit.removed:
                plan = await self._circuits.plan(circuit, now_ns, now_ns + 1)
                circuits.append(_circuit_view(circuit, plan, members[circuit.circuit_id], told, now_ns))
            if len(circuits) == size:
                break
        return circuits

    async def alarms(self) -> Sequence[LampAlarm]:
        """Return what is out of order, the widest first: one alarm for a dark circuit or cabinet."""
        return _alarms(await self._all_views(self._now_ns()))

    async def _all_views(self, now_ns: int) -> Sequence[LampView]:
        return await self._views([lamp async for lamp in self._lamps("", now_ns)], now_ns)

    async def _lamps(self, after: str, at_ns: int) -> AsyncIterator[Lamp]:
        """Yield the lamps that there are at ``at_ns``, by name."""
        async for _, known in things(self._records, Lamp, after):
            lamp = valid_at(known, at_ns)
            if lamp is not None and not lamp.removed:
                yield lamp

    async def _views(self, lamps: Sequence[Lamp], now_ns: int) -> Sequence[LampView]:
        circuits = {name: await self._circuits.circuit(name, now_ns) for name in {lamp.circuit for lamp in lamps}}
        plans: dict[tuple[str, bool] | None, CircuitPlan] = {}
        for circuit in circuits.values():
            if (schedule := _schedule(circuit)) not in plans:
                plans[schedule] = await self._circuits.plan(circuit, now_ns - LOOKED_BACK_NS, now_ns + 1)
        views: list[LampView] = []
        for start in range(0, len(lamps), _AT_ONCE):
            some = lamps[start : start + _AT_ONCE]
            asked = [
                self._view(lamp, circuits[lamp.circuit], plans[_schedule(circuits[lamp.circuit])], now_ns)
                for lamp in some
            ]
            views += await asyncio.gather(*asked)
        return views

    async def _view(self, lamp: Lamp, circuit: Circuit | None, plan: CircuitPlan, now_ns: int) -> LampView:
        gear = valid_at(await versions(self._records, Gear, lamp.lamp_id), now_ns)
        entry = await found(self._records, DeviceEntry, lamp.dev_eui) if lamp.dev_eui else None
        return lamp_view(Registered(lamp, plan, gear, circuit, entry), await self._said(lamp), now_ns)

    async def _said(self, lamp: Lamp) -> DeviceState | None:
        """Return what the controller of ``lamp`` said last; None: it has none, or never spoke."""
        try:
            return await self._states.get(DevEui(lamp.dev_eui)) if lamp.dev_eui else None
        except NotFound:
            return None

    def _now_ns(self) -> int:
        return self._clock.now_us() * _NS_PER_US


def _schedule(circuit: Circuit | None) -> tuple[str, bool] | None:
    """Return what decides on the plan of ``circuit``: many circuits share a schedule."""
    return None if circuit is None else (circuit.schedule, circuit.is_switched)


def _alarms(views: Sequence[LampView]) -> Sequence[LampAlarm]:
    cabinets = {view.circuit.circuit_id: view.circuit.cabinet for view in views if view.circuit is not None}
    return alarms([view.health for view in views], cabinets)


def _circuit_view(
    circuit: Circuit, plan: CircuitPlan, members: Sequence[LampView], told: Sequence[LampAlarm], now_ns: int
) -> CircuitView:
    names = {view.lamp.lamp_id for view in members}
    return CircuitView(
        circuit,
        now_ns,
        len(members),
        sum(view.is_lit for view in members),
        sum(view.is_silent for view in members),
        sum(bool(view.faults) for view in members),
        None if plan.planned is None else bool(plan.planned),
        [_within(alarm, names) for alarm in told if not names.isdisjoint(alarm.lamps)],
    )


def _within(alarm: LampAlarm, names: set[str]) -> LampAlarm:
    """Return ``alarm`` with its lamps among ``names``: in a blackout each circuit would name those of all others."""
    return LampAlarm(alarm.kind, alarm.subject, tuple(lamp for lamp in alarm.lamps if lamp in names), alarm.since_ns)
