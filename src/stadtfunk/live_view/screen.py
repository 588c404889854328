"""The live view of a terminal."""

from rich.console import Group, RenderableType
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from domain.observation import MEASURANDS, Observation, Position, Reading
from domain.rfc3339 import format_rfc3339
from stadtfunk.live_view.progress import Progress

_READINGS_SHOWN = 3


def screen(progress: Progress, title: str) -> RenderableType:
    """Return ``progress`` as it is drawn."""
    return Panel(Group(_figures(progress), Text(), _newest(progress.newest)), title=title, title_align="left")


def _figures(progress: Progress) -> Table:
    frames = progress.frames
    table = Table.grid(padding=(0, 3))
    rows = (
        ("uplinks/s", f"{progress.uplinks_per_s:,.0f}", "frames received", f"{frames.received:,}"),
        ("readings/s", f"{progress.readings_per_s:,.0f}", "frames missing", f"{frames.missing:,}"),
        ("latency p50", f"{progress.p50_ms:,.0f} ms", "duplicates", f"{frames.duplicate:,}"),
        ("latency p99", f"{progress.p99_ms:,.0f} ms", "dead letters", f"{progress.dead:,}"),
        ("devices", f"{frames.devices:,}", "waiting", f"{progress.in_flight:,}"),
    )
    for left, figure, right, other in rows:
        table.add_row(left, Text(figure, style="bold", justify="right"), right, Text(other, style="bold"))
    return table


def _newest(newest: dict[str, Observation]) -> Table:
    table = Table(box=None, pad_edge=False)
    for heading in ("newest", "device", "time", "readings"):
        table.add_column(heading, style="dim" if heading == "newest" else "", no_wrap=heading != "readings")
    for name in sorted(newest):
        observation = newest[name]
        shown = ", ".join(written(reading) for reading in observation.readings[:_READINGS_SHOWN])
        more = len(observation.readings) - _READINGS_SHOWN
        table.add_row(
            name, observation.dev_eui, format_rfc3339(observation.event_ns)[:19], shown + (" …" if more > 0 else "")
        )
    return table


def written(reading: Reading) -> str:
    """Return a reading as people write it."""
    row = MEASURANDS.get(reading.measurand)
    unit = (row.display_unit or row.unit) if row is not None else ""
    name = reading.measurand.partition(".")[2] + (f"[{reading.channel}]" if reading.channel else "")
    return f"{name} {written_value(reading)}{'' if unit.startswith('{') else ' ' + unit}"


def written_value(reading: Reading) -> str:
    """Return the value alone; a register to its last digit."""
    value = reading.value
    if isinstance(value, Position):
        return f"{value.latitude / 1e7:.5f}/{value.longitude / 1e7:.5f}"
    if isinstance(value, bool | str) or reading.exponent == 0:
        return f"{value:g}" if isinstance(value, float) else str(value).lower()
    sign, digits = "-" if value < 0 else "", str(abs(int(value))).rjust(1 - reading.exponent, "0")
    return f"{sign}{digits[: reading.exponent]}.{digits[reading.exponent :]}"
