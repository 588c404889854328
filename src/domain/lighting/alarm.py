"""Alarms of lamps that are dark, silent or faulty: one for each dark circuit or cabinet, not one for each lamp."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from enum import StrEnum

from msgspec import Struct

_TOGETHER = 2
"""One lamp of a circuit, or one circuit of a cabinet, says nothing of the whole."""


class AlarmKind(StrEnum):
    """What is out of order."""

    CABINET_DARK = "cabinet_dark"
    CIRCUIT_DARK = "circuit_dark"
    LAMP_SILENT = "lamp_silent"
    """Its controller should have spoken."""
    LAMP_DARK = "lamp_dark"
    """Its controller speaks, and says that the lamp does not burn when it should."""
    LAMP_FAULTY = "lamp_faulty"
    """Its controller speaks, and says that something is broken."""


class LampHealth(Struct, frozen=True, gc=False):
    """What an alarm needs to know of a lamp."""

    lamp_id: str
    circuit: str
    last_seen_ns: int
    """When its controller was heard last."""
    is_silent: bool = False
    is_dark: bool = False
    is_faulty: bool = False
    """It has a fault now; a latched flag is none."""

    @property
    def is_down(self) -> bool:
        """Whether nobody can say that it burns."""
        return self.is_silent or self.is_dark


class LampAlarm(Struct, frozen=True, gc=False):
    """One alarm."""

    kind: AlarmKind
    subject: str
    """Cabinet, circuit or lamp."""
    lamps: tuple[str, ...]
    """All lamps concerned that are down."""
    since_ns: int
    """When the last of them was heard: it began then or later."""


def alarms(lamps: Iterable[LampHealth], cabinets: Mapping[str, str]) -> Sequence[LampAlarm]:
    """Return the alarms of ``lamps``, the widest first.

    Args:
        lamps: all lamps, also those in good health: without them no circuit can be told to be dark as a whole.
        cabinets: cabinet of each circuit.
    """
    by_circuit: dict[str, list[LampHealth]] = defaultdict(list)
    for lamp in sorted(lamps, key=lambda each: each.lamp_id):
        by_circuit[lamp.circuit].append(lamp)
    dark = {name: down for name, members in by_circuit.items() if name and (down := _down_together(members))}
    of_cabinets = list(_dark_cabinets(by_circuit, dark, cabinets))
    dark_cabinets = {alarm.subject for alarm in of_cabinets}
    of_circuits: list[LampAlarm] = []
    of_lamps: list[LampAlarm] = []
    for name, members in sorted(by_circuit.items()):
        told = dark.get(name, [])
        if cabinets.get(name) not in dark_cabinets:
            if len(told) >= _TOGETHER:
                of_circuits.append(_alarm(AlarmKind.CIRCUIT_DARK, name, told))
            else:
                told = []
        of_lamps.extend(_of_lamps(lamp for lamp in members if lamp not in told))
    return [*of_cabinets, *of_circuits, *of_lamps]


def _down_together(members: Sequence[LampHealth]) -> list[LampHealth]:
    """Return the lamps of a circuit that are down, if they are more than half of them.

    Controllers are missed one after the other, as each had its last word at another time: to wait for the last of them
    would be an alarm for each before there is one for all.
    """
    down = [lamp for lamp in members if lamp.is_down]
    return down if 2 * len(down) > len(members) else []


def _dark_cabinets(
    circuits: Iterable[str], dark: Mapping[str, list[LampHealth]], cabinets: Mapping[str, str]
) -> Iterator[LampAlarm]:
    """Yield an alarm for each cabinet of which all circuits are dark."""
    by_cabinet: dict[str, list[str]] = defaultdict(list)
    for name in circuits:
        if cabinets.get(name):
            by_cabinet[cabinets[name]].append(name)
    for cabinet, names in sorted(by_cabinet.items()):
        if len(names) >= _TOGETHER and all(name in dark for name in names):
            yield _alarm(AlarmKind.CABINET_DARK, cabinet, [lamp for name in names for lamp in dark[name]])


def _of_lamps(members: Iterable[LampHealth]) -> Iterator[LampAlarm]:
    for lamp in members:
        kind = _kind_of(lamp)
        if kind is not None:
            yield _alarm(kind, lamp.lamp_id, [lamp])


def _kind_of(lamp: LampHealth) -> AlarmKind | None:
    """Return what is worst about a lamp, or None."""
    if lamp.is_silent:
        return AlarmKind.LAMP_SILENT
    if lamp.is_dark:
        return AlarmKind.LAMP_DARK
    return AlarmKind.LAMP_FAULTY if lamp.is_faulty else None


def _alarm(kind: AlarmKind, subject: str, members: Sequence[LampHealth]) -> LampAlarm:
    names = tuple(sorted(each.lamp_id for each in members))
    return LampAlarm(kind, subject, names, max(each.last_seen_ns for each in members))
