"""Tables of lamps, circuits, alarms, burning hours and faults."""

from collections.abc import Sequence

from application.burning_hours import LampHours
from application.lamp_view import LampView
from application.lighting import CircuitView
from domain.lighting import AgainstPlan, BurningHours, Fault, LampAlarm, Latest
from stadtfunk.commands.time_texts import between_text, length_text, yes_or_no
from stadtfunk.tables import instant_text, show, table, value_text


def print_lamps(lamps: Sequence[LampView]) -> None:
    """Print lamps, one a line."""
    if not lamps:
        print("no lamps")
        return
    rows = [
        (
            view.lamp.lamp_id,
            view.lamp.circuit,
            _value(view.state.is_on),
            yes_or_no(view.is_planned),
            _value(view.state.dim_level),
            _value(view.state.power),
            _value(view.state.energy),
            _value(view.state.on_time),
            _remarks(view),
            instant_text(view.last_seen_ns),
        )
        for view in lamps
    ]
    numbers = ("level %", "W", "Wh", "on time s")
    headings = ("lamp", "circuit", "lit", "planned", *numbers, "remark", "last seen (UTC)")
    show(table(headings, rows, right=numbers))


def print_circuits(circuits: Sequence[CircuitView]) -> None:
    """Print circuits, one a line."""
    if not circuits:
        print("no circuits")
        return
    rows = [
        (
            view.circuit.circuit_id,
            view.circuit.cabinet,
            yes_or_no(view.is_planned),
            str(view.lamps),
            str(view.lit),
            str(view.silent),
            str(view.faulty),
            ", ".join(f"{alarm.kind.value.replace('_', ' ')}: {alarm.subject}" for alarm in view.alarms),
        )
        for view in circuits
    ]
    numbers = ("lamps", "lit", "silent", "faulty")
    show(table(("circuit", "cabinet", "planned", *numbers, "alarms"), rows, right=numbers))


def print_alarms(alarms: Sequence[LampAlarm]) -> None:
    """Print alarms, one a line."""
    if not alarms:
        print("no alarms")
        return
    rows = [
        (
            alarm.kind.value.replace("_", " "),
            alarm.subject,
            str(len(alarm.lamps)),
            instant_text(alarm.since_ns) or "never",
        )
        for alarm in alarms
    ]
    show(table(("alarm", "of", "lamps", "last heard (UTC)"), rows, right=("lamps",)))


def print_hours(hours: LampHours) -> None:
    """Print burning hours: two answers to one question, beside the plan."""
    facts = [
        ("from (UTC)", instant_text(hours.since_ns)),
        ("until (UTC)", instant_text(hours.until_ns)),
        ("planned", length_text(hours.planned_ns) or "nobody has said"),
    ]
    rows = [_hours(each, hours.planned_ns) for each in (hours.registered, hours.computed)]
    numbers = ("burned", "excess", "unknown")
    show(
        table(("lamp", hours.lamp_id), facts),
        table(("by", *numbers, "not whole because"), rows, right=numbers),
    )


def print_faults(faults: Sequence[Fault], until_ns: int) -> None:
    """Print faults, one a line."""
    if not faults:
        print("no faults")
        return
    rows = [
        (
            fault.channel,
            between_text(fault.since),
            between_text(fault.until) or "lasts",
            length_text(fault.shortest_ns(until_ns)),
            length_text(fault.longest_ns(until_ns)),
            "within 24 h" if fault.is_latched else "",
        )
        for fault in faults
    ]
    headings = ("fault", "began (UTC)", "ended (UTC)", "at least", "at most", "told by a flag")
    show(table(headings, rows, right=("at least", "at most")))


def _hours(each: BurningHours, planned_ns: int | None) -> tuple[str, str, str, str, str]:
    excess_ns = None if planned_ns is None else AgainstPlan(planned_ns, each).excess_ns
    return (
        each.origin.value,
        length_text(each.burned_ns),
        length_text(excess_ns),
        length_text(each.unknown_ns) if each.unknown_ns else "",
        ", ".join(word.value.replace("_", " ") for word in each.shortcomings),
    )


def _value(latest: Latest | None) -> str:
    return "" if latest is None else value_text(latest.value, latest.exponent)


def _remarks(view: LampView) -> str:
    said = [
        *(["silent"] if view.is_silent else []),
        *(["dark"] if view.is_dark else []),
        *view.faults,
        *(["power cycled"] if view.state.was_power_cycled else []),
    ]
    return ", ".join(said)
