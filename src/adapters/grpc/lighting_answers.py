"""Lamps, circuits, alarms and burning hours, as a client reads them from messages."""

from collections.abc import Iterable

from adapters.grpc.bounds_mapping import between_of, duration_ns
from adapters.grpc.city_names import CIRCUITS, LAMPS
from adapters.grpc.lighting_mapping import ALARM_KINDS
from adapters.grpc.times import nanoseconds
from adapters.grpc.value_mapping import position_of, value_of
from application.burning_hours import LampHours
from application.lamp_view import LampView
from application.lighting import CircuitView
from domain.lighting import (
    BurningHours,
    Circuit,
    Fault,
    Gear,
    Lamp,
    LampAlarm,
    LampState,
    Latest,
    Origin,
    Shortcoming,
)
from stadtfunk.api.lighting.v1 import lighting_pb2

_ALARM_KINDS = {code: kind for kind, code in ALARM_KINDS.items()}


def lamp_view_of(message: lighting_pb2.Lamp) -> LampView:
    """Return the lamp that ``message`` carries; of its master data what the API says."""
    lamp_id = message.name.removeprefix(LAMPS)
    lamp = Lamp(
        lamp_id,
        0,
        circuit=message.circuit.removeprefix(CIRCUITS),
        dev_eui=message.device.removeprefix("devices/"),
        channel=message.channel,
        place=position_of(message.position) if message.HasField("position") else None,
    )
    state = LampState(
        _latest(message, "on"),
        _latest(message, "dim_level"),
        _latest(message, "commanded_dim_level"),
        _latest(message, "energy"),
        _latest(message, "power"),
        _latest(message, "on_time"),
        message.power_cycled,
    )
    return LampView(
        lamp,
        nanoseconds(message.state_time),
        state,
        Gear(lamp_id, 0, serial=message.gear_serial) if message.gear_serial else None,
        None,
        nanoseconds(message.last_seen_time),
        message.planned if message.HasField("planned") else None,
        message.silent,
        message.dark,
        tuple(message.faults),
    )


def circuit_view_of(message: lighting_pb2.Circuit) -> CircuitView:
    """Return the circuit that ``message`` carries."""
    return CircuitView(
        Circuit(message.name.removeprefix(CIRCUITS), 0, cabinet=message.cabinet),
        nanoseconds(message.state_time),
        message.lamp_count,
        message.lit_count,
        message.silent_count,
        message.faulty_count,
        message.planned if message.HasField("planned") else None,
        [alarm_of(alarm) for alarm in message.alarms],
    )


def alarm_of(message: lighting_pb2.LampAlarm) -> LampAlarm:
    """Return the alarm that ``message`` carries."""
    lamps = tuple(name.removeprefix(LAMPS) for name in message.lamps)
    return LampAlarm(_ALARM_KINDS[message.kind], message.subject, lamps, nanoseconds(message.since_time))


def fault_of(message: lighting_pb2.LampFault) -> Fault:
    """Return the fault that ``message`` carries."""
    until = between_of(message.until) if message.HasField("until") else None
    return Fault(message.channel, between_of(message.since), until, message.latched)


def lamp_hours_of(message: lighting_pb2.LampHours) -> LampHours:
    """Return the burning hours that ``message`` carries."""
    return LampHours(
        message.lamp.removeprefix(LAMPS),
        nanoseconds(message.start_time),
        nanoseconds(message.end_time),
        _hours(Origin.REGISTER, message.registered),
        _hours(Origin.COMPUTED, message.computed),
        duration_ns(message.planned_duration) if message.HasField("planned_duration") else None,
    )


def _hours(origin: Origin, message: lighting_pb2.BurningHours) -> BurningHours:
    burned_ns, unknown_ns = duration_ns(message.burning_duration), duration_ns(message.unknown_duration)
    return BurningHours(origin, burned_ns, unknown_ns, _shortcomings(message.shortcomings))


def _shortcomings(words: Iterable[str]) -> tuple[Shortcoming, ...]:
    """Return the shortcomings that are known here; those of a newer server are left out."""
    known = set(Shortcoming)
    return tuple(Shortcoming(word) for word in words if word in known)


def _latest(message: lighting_pb2.Lamp, field: str) -> Latest | None:
    if not message.HasField(field):  # type: ignore[arg-type]  # one of its fields
        return None
    told: lighting_pb2.LampValue = getattr(message, field)
    value, exponent = value_of(told.value)
    return Latest(nanoseconds(told.event_time), value, exponent)
