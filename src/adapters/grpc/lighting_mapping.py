"""Lamps, circuits, alarms and burning hours as messages."""

from adapters.grpc.bounds_mapping import bounds_message, duration
from adapters.grpc.city_names import CIRCUITS, LAMPS, city_name
from adapters.grpc.resource_names import device_name
from adapters.grpc.times import timestamp
from adapters.grpc.value_mapping import position_message, value_message
from application.burning_hours import LampHours
from application.lamp_view import LampView
from application.lighting import CircuitView
from domain.identifiers import DevEui
from domain.lighting import AlarmKind, BurningHours, Fault, LampAlarm, Latest
from stadtfunk.api.lighting.v1 import lighting_pb2

ALARM_KINDS: dict[AlarmKind, lighting_pb2.AlarmKind.ValueType] = {
    AlarmKind.CABINET_DARK: lighting_pb2.ALARM_KIND_CABINET_DARK,
    AlarmKind.CIRCUIT_DARK: lighting_pb2.ALARM_KIND_CIRCUIT_DARK,
    AlarmKind.LAMP_SILENT: lighting_pb2.ALARM_KIND_LAMP_SILENT,
    AlarmKind.LAMP_DARK: lighting_pb2.ALARM_KIND_LAMP_DARK,
    AlarmKind.LAMP_FAULTY: lighting_pb2.ALARM_KIND_LAMP_FAULTY,
}


def lamp_message(view: LampView) -> lighting_pb2.Lamp:
    """Return a lamp and its state as a resource."""
    lamp, state = view.lamp, view.state
    return lighting_pb2.Lamp(
        name=city_name(LAMPS, lamp.lamp_id),
        circuit=city_name(CIRCUITS, lamp.circuit),
        device=device_name(DevEui(lamp.dev_eui)) if lamp.dev_eui else "",
        channel=lamp.channel,
        gear_serial=view.gear.serial if view.gear is not None else "",
        position=position_message(lamp.place) if lamp.place is not None else None,
        state_time=timestamp(view.at_ns),
        last_seen_time=timestamp(view.last_seen_ns) if view.last_seen_ns else None,
        on=_value("lamp.on", state.is_on),
        dim_level=_value("lamp.dim_level", state.dim_level),
        commanded_dim_level=_value("lamp.dim_level.commanded", state.commanded),
        energy=_value("electricity.energy.active.import", state.energy),
        power=_value("electricity.power.active", state.power),
        on_time=_value("lamp.on_time", state.on_time),
        planned=view.is_planned,
        silent=view.is_silent,
        dark=view.is_dark,
        power_cycled=state.was_power_cycled,
        faults=view.faults,
    )


def circuit_message(view: CircuitView) -> lighting_pb2.Circuit:
    """Return a circuit and its counts as a resource."""
    return lighting_pb2.Circuit(
        name=city_name(CIRCUITS, view.circuit.circuit_id),
        cabinet=view.circuit.cabinet,
        state_time=timestamp(view.at_ns),
        lamp_count=view.lamps,
        lit_count=view.lit,
        silent_count=view.silent,
        faulty_count=view.faulty,
        planned=view.is_planned,
        alarms=[alarm_message(alarm) for alarm in view.alarms],
    )


def alarm_message(alarm: LampAlarm) -> lighting_pb2.LampAlarm:
    """Return an alarm as a message."""
    return lighting_pb2.LampAlarm(
        kind=ALARM_KINDS[alarm.kind],
        subject=alarm.subject,
        lamps=[city_name(LAMPS, lamp) for lamp in alarm.lamps],
        since_time=timestamp(alarm.since_ns) if alarm.since_ns else None,
    )


def fault_message(fault: Fault, until_ns: int) -> lighting_pb2.LampFault:
    """Return a fault as a message; one that lasts is as long as it was at ``until_ns``."""
    longest_ns = fault.longest_ns(until_ns)
    return lighting_pb2.LampFault(
        channel=fault.channel,
        since=bounds_message(fault.since),
        until=bounds_message(fault.until),
        latched=fault.is_latched,
        shortest_duration=duration(fault.shortest_ns(until_ns)),
        longest_duration=None if longest_ns is None else duration(longest_ns),
    )


def hours_message(hours: LampHours) -> lighting_pb2.LampHours:
    """Return burning hours as a message."""
    return lighting_pb2.LampHours(
        lamp=city_name(LAMPS, hours.lamp_id),
        start_time=timestamp(hours.since_ns),
        end_time=timestamp(hours.until_ns),
        registered=_hours(hours.registered),
        computed=_hours(hours.computed),
        planned_duration=None if hours.planned_ns is None else duration(hours.planned_ns),
    )


def _hours(hours: BurningHours) -> lighting_pb2.BurningHours:
    return lighting_pb2.BurningHours(
        burning_duration=duration(hours.burned_ns),
        unknown_duration=duration(hours.unknown_ns),
        shortcomings=list(hours.shortcomings),
    )


def _value(measurand: str, latest: Latest | None) -> lighting_pb2.LampValue | None:
    if latest is None:
        return None
    return lighting_pb2.LampValue(
        event_time=timestamp(latest.event_ns), value=value_message(measurand, latest.value, latest.exponent)
    )
