"""What the administration knows of circuits: when their lamps should burn, and when their controllers have power."""

from collections.abc import Sequence

from msgspec import Struct

from application.dated_records import things, versions
from application.ports.master_data import MasterData
from application.time_zone import time_zone
from domain.dated import valid_at, validities
from domain.lighting import Circuit, Intervals, Lamp, SwitchingSchedule, joined, lit_by_plan

LOOKED_BACK_NS = 14 * 86_400 * 1_000_000_000
"""A controller that had power in these nights and did not speak is silent by any expectation."""


class CircuitPlan(Struct, frozen=True):
    """A circuit in a window."""

    planned: Intervals | None
    """When its lamps should burn; None: nobody has said."""
    powered: Intervals
    """When its controllers have power."""


class LampCircuits:
    """Reads circuits and their schedules."""

    def __init__(self, records: MasterData) -> None:
        self._records = records

    async def circuit(self, name: str, at_ns: int) -> Circuit | None:
        """Return a circuit as it is valid at ``at_ns``; None: there is none of that name."""
        if not name:
            return None
        known = valid_at(await versions(self._records, Circuit, name), at_ns)
        return None if known is None or known.removed else known

    async def plan(self, circuit: Circuit | None, since_ns: int, until_ns: int) -> CircuitPlan:
        """Return what is planned for ``circuit`` in ``[since_ns, until_ns)``; without a circuit there is power always.

        Raises:
            InvalidValue: its schedule cannot be followed: it has times that are none, or an unknown time zone.
        """
        always = ((since_ns, until_ns),) if since_ns < until_ns else ()
        planned = await self._planned(circuit.schedule, since_ns, until_ns) if circuit is not None else None
        switched = circuit is not None and circuit.is_switched and planned is not None
        return CircuitPlan(planned, planned if switched and planned is not None else always)

    async def plan_of_lamp(self, lamps: Sequence[Lamp], since_ns: int, until_ns: int) -> CircuitPlan:
        """Return what is planned for a lamp of which ``lamps`` are all versions, whichever circuits it hung on.

        Where there was no such lamp nothing is planned; where nobody has said what is, nobody has of the whole.

        Raises:
            InvalidValue: a schedule cannot be followed.
        """
        parts = [
            await self.plan(circuit, start_ns, end_ns)
            for lamp, lamp_since_ns, lamp_until_ns in validities(lamps, since_ns, until_ns)
            if not lamp.removed
            for circuit, start_ns, end_ns in await self._hung(lamp.circuit, lamp_since_ns, lamp_until_ns)
        ]
        planned = [part.planned for part in parts if part.planned is not None]
        is_known = len(planned) == len(parts)
        return CircuitPlan(
            joined(lit for each in planned for lit in each) if is_known else None,
            joined(powered for part in parts for powered in part.powered),
        )

    async def _hung(self, name: str, since_ns: int, until_ns: int) -> Sequence[tuple[Circuit | None, int, int]]:
        """Return the versions of a circuit with the times in which they held; None: nobody says what held."""
        known = validities(await versions(self._records, Circuit, name), since_ns, until_ns) if name else ()
        first_ns = known[0][1] if known else until_ns
        before = [(None, since_ns, first_ns)] if since_ns < first_ns else []
        return [*before, *((None if each.removed else each, start_ns, end_ns) for each, start_ns, end_ns in known)]

    async def switched(self, at_ns: int) -> dict[str, Intervals]:
        """Return when the controllers of switched circuits had power in the nights before ``at_ns``, by DevEUI.

        Raises:
            InvalidValue: a schedule cannot be followed.
        """
        powered: dict[str, Intervals] = {}
        plans: dict[str, CircuitPlan | None] = {}
        async for _, known in things(self._records, Lamp):
            lamp = valid_at(known, at_ns)
            if lamp is None or not lamp.dev_eui or not lamp.circuit:
                continue
            if lamp.circuit not in plans:
                plans[lamp.circuit] = await self._switched(lamp.circuit, at_ns)
            plan = plans[lamp.circuit]
            if plan is not None:
                powered[lamp.dev_eui] = plan.powered
        return powered

    async def _switched(self, name: str, at_ns: int) -> CircuitPlan | None:
        """Return the plan of a circuit; None: it is not switched, or nobody knows when."""
        circuit = await self.circuit(name, at_ns)
        if circuit is None or not circuit.is_switched:
            return None
        plan = await self.plan(circuit, at_ns - LOOKED_BACK_NS, at_ns + 1)
        return None if plan.planned is None else plan

    async def _planned(self, schedule: str, since_ns: int, until_ns: int) -> Intervals | None:
        known = await versions(self._records, SwitchingSchedule, schedule) if schedule else ()
        if not known:
            return None
        return joined(
            lit
            for version, start_ns, end_ns in validities(known, since_ns, until_ns)
            for lit in lit_by_plan(version, time_zone(version.time_zone), start_ns, end_ns)
        )
