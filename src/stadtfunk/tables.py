"""Tables of readings and devices for people at a terminal; for a program, the API is the better source."""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from math import isnan

from rich.console import Console, JustifyMethod
from rich.table import Table
from rich.text import Text

from application.ports.reading_query import StoredReading
from domain.device import Device, DeviceState, FrameSummary
from domain.observation import MEASURANDS, Position, Value
from domain.rfc3339 import NS_PER_S, format_rfc3339

_WIDE = 240
"""Into a file or pipe no line is cut."""
_NARROW = 12
"""Long enough for one part of the name of a measurand."""
_COUNTS = ("received", "missing", "duplicate", "redelivered", "late", "empty", "undecodable", "breaks", "sessions")
_DEGREES = 10_000_000


def print_readings(readings: Sequence[StoredReading]) -> None:
    """Print readings, one a line."""
    if readings:
        show(readings_table(readings))
    else:
        print("no readings")


def readings_table(readings: Iterable[StoredReading]) -> Table:
    """Return readings as a table."""
    rows = [
        (
            instant_text(stored.event_ns),
            stored.dev_eui,
            stored.reading.measurand,
            stored.reading.channel,
            value_text(stored.reading.value, stored.reading.exponent),
            unit_text(stored.reading.measurand),
            _doubt(stored.reading.quality),
        )
        for stored in readings
    ]
    return table(("time (UTC)", "device", "measurand", "channel", "value", "unit", "doubt"), rows, right=("value",))


def print_devices(devices: Sequence[Device]) -> None:
    """Print devices, one a line."""
    if not devices:
        print("no devices")
        return
    rows = [
        (
            device.dev_eui,
            device.device_type or "unknown",
            device.device_id,
            device.application_id,
            device.source,
            instant_text(device.registered_us * 1_000),
        )
        for device in devices
    ]
    show(table(("device", "type", "name", "application", "source", "since (UTC)"), rows))


def print_device(device: Device, state: DeviceState) -> None:
    """Print one device: master data, frame counts, latest readings."""
    facts = [
        ("type", device.device_type or "unknown"),
        ("name", device.device_id),
        ("application", device.application_id),
        ("since (UTC)", instant_text(device.registered_us * 1_000)),
        ("last seen (UTC)", instant_text(state.last_seen_ns)),
        *sorted(device.attributes.items()),
    ]
    show(table(("device", device.dev_eui), facts), _frames(state.frames), _latest(state))


def _frames(frames: Sequence[FrameSummary]) -> Table:
    """Return what happened to the frames, with a column for each network server."""
    sources = [each.source for each in frames]
    expected = ("expected", *(str(each.received + each.missing) for each in frames))
    counted = [(count, *(str(getattr(each, count)) for each in frames)) for count in _COUNTS]
    last = ("last f_cnt", *("" if each.last_f_cnt < 0 else str(each.last_f_cnt) for each in frames))
    return table(("frames", *sources), [expected, *counted, last], right=sources)


def _latest(state: DeviceState) -> Table:
    rows = [
        (
            instant_text(each.event_ns),
            each.measurand,
            each.channel,
            value_text(each.value, each.exponent),
            unit_text(each.measurand),
            _doubt(each.quality),
        )
        for each in sorted(state.latest, key=lambda latest: (latest.measurand, latest.channel))
    ]
    return table(("latest (UTC)", "measurand", "channel", "value", "unit", "doubt"), rows, right=("value",))


def value_text(value: Value, exponent: int) -> str:
    """Return a value as people write it; registers with all their digits."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        return f"{Decimal(value).scaleb(exponent):f}"
    if isinstance(value, float):
        return "" if isnan(value) else repr(value)
    if isinstance(value, Position):
        return f"{value.latitude / _DEGREES:.7f} {value.longitude / _DEGREES:.7f}"
    return value


def unit_text(measurand: str) -> str:
    """Return the unit of ``measurand`` as people write it; what UCUM puts in braces is none."""
    row = MEASURANDS.get(measurand)
    unit = row.display_unit or row.unit if row else ""
    return "" if unit.startswith("{") or unit == "1" else unit


def _doubt(quality: str) -> str:
    return "" if quality == "measured" else quality


def instant_text(ns: int) -> str:
    """Return an instant in UTC, to the second; empty for 0, which means that it is not known."""
    return format_rfc3339(ns // NS_PER_S * NS_PER_S).replace("T", " ").removesuffix("Z") if ns else ""


def table(
    headings: Sequence[str], rows: Sequence[Sequence[str]], right: Sequence[str] = (), sentences: Sequence[str] = ()
) -> Table:
    """Return a table without the columns that are empty in all rows.

    Where there is too little room, columns of ``sentences`` go over several lines before any other loses a letter.
    """
    made = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    shown = [index for index in range(len(headings)) if not rows or any(row[index] for row in rows)]
    for index in shown:
        heading = headings[index]
        justify: JustifyMethod = "right" if heading in right else "left"
        # In a narrow terminal names go over several lines, and no digit is lost.
        width = _NARROW if heading == "measurand" or heading in sentences else None
        made.add_column(heading, justify=justify, overflow="fold", no_wrap=width is None, min_width=width)
    for row in rows:
        made.add_row(*(plain(row[index]) for index in shown))
    return made


def plain(text: str) -> Text:
    """Return ``text`` so that nothing a device says of itself reaches the terminal as a command."""
    return Text("".join(each if each.isprintable() else "�" for each in text))


def show(*tables: Table) -> None:
    """Print tables, below each other."""
    console = Console()
    if not console.is_terminal:
        console = Console(width=_WIDE)
    for number, table in enumerate(tables):
        if number:
            console.print()
        console.print(table)
