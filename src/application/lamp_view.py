"""How a lamp is now: what its controller said last, beside what the administration says."""

from msgspec import Struct

from application.lamp_circuits import CircuitPlan
from domain.device import DeviceEntry, DeviceState
from domain.lighting import (
    Circuit,
    Gear,
    Lamp,
    LampHealth,
    LampState,
    Latest,
    LatestValues,
    concerns,
    contains,
    is_latched,
    is_silent,
    lamp_state,
)

SETTLING_NS = 15 * 60 * 1_000_000_000
"""A controller may wait five minutes after its power came and join; one with a clock of its own may know another sunset
than the plan. What it says before is not held against its lamp."""


class Registered(Struct, frozen=True):
    """What the administration says of a lamp at an instant."""

    lamp: Lamp
    plan: CircuitPlan
    gear: Gear | None = None
    circuit: Circuit | None = None
    entry: DeviceEntry | None = None
    """Of its controller."""

    @property
    def expected_interval_s(self) -> int:
        """Return the longest time with power between two uplinks of its controller; 0: nobody has said."""
        of_circuit = self.circuit.expected_interval_s if self.circuit else 0
        return of_circuit or (self.entry.expected_interval_s if self.entry else 0)


class LampView(Struct, frozen=True):
    """A lamp at an instant."""

    lamp: Lamp
    at_ns: int
    state: LampState
    gear: Gear | None = None
    circuit: Circuit | None = None
    last_seen_ns: int = 0
    """When its controller was heard last, ns since 1970-01-01 UTC; 0: never."""
    is_planned: bool | None = None
    """Whether it should burn; None: nobody has said."""
    is_silent: bool = False
    """Its controller has power and should have spoken."""
    is_dark: bool = False
    """Its controller says, since the lamp should burn, that it does not."""
    faults: tuple[str, ...] = ()
    """Channels of ``lamp.fault`` that stand; those that end in ``latched`` stood within a day."""

    @property
    def is_lit(self) -> bool:
        """Whether it burns, as far as its controller can be believed."""
        return self.state.is_on is not None and self.state.is_on.value is True and not self.is_silent

    @property
    def health(self) -> LampHealth:
        """Return what alarms need to know of it."""
        lamp = self.lamp
        is_faulty = any(not is_latched(channel) for channel in self.faults)
        return LampHealth(lamp.lamp_id, lamp.circuit, self.last_seen_ns, self.is_silent, self.is_dark, is_faulty)


def lamp_view(known: Registered, said: DeviceState | None, now_ns: int) -> LampView:
    """Return how a lamp is at ``now_ns``, of which the controller ``said`` something or nothing yet."""
    lamp, plan = known.lamp, known.plan
    latest: LatestValues = {
        (each.measurand, each.channel): Latest(each.event_ns, each.value, each.exponent)
        for each in (said.latest if said is not None else ())
    }
    state = lamp_state(latest, lamp.channel)
    last_seen_ns = said.last_seen_ns if said is not None else 0
    heard_ns = max(last_seen_ns, lamp.valid_from_ns)
    return LampView(
        lamp,
        now_ns,
        state,
        known.gear,
        known.circuit,
        last_seen_ns,
        None if plan.planned is None else contains(plan.planned, now_ns),
        bool(lamp.dev_eui) and is_silent(heard_ns, now_ns, plan.powered, known.expected_interval_s),
        _is_dark(state, plan, now_ns),
        _standing(latest, lamp.channel),
    )


def _is_dark(state: LampState, plan: CircuitPlan, now_ns: int) -> bool:
    """Say whether the lamp was said not to burn when it should have begun to."""
    said = state.is_on
    if said is None or said.value is not False:
        return False
    return any(
        start_ns + SETTLING_NS <= said.event_ns and start_ns <= now_ns < end_ns
        for start_ns, end_ns in plan.planned or ()
    )


def _standing(latest: LatestValues, lamp_channel: str) -> tuple[str, ...]:
    return tuple(
        sorted(
            channel
            for (name, channel), each in latest.items()
            if name == "lamp.fault" and each.value is True and concerns(channel, lamp_channel)
        )
    )
