"""The live view of a terminal."""

from rich.console import Group, RenderableType
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from domain.observation import Observation, Reading
from domain.rfc3339 import format_rfc3339
from stadtfunk.live_view.progress import Progress, domain_of
from stadtfunk.tables import plain, unit_text, value_text

_READINGS_SHOWN = 3


def screen(progress: Progress, title: str) -> RenderableType:
    """Return ``progress`` as it is drawn."""
    return Panel(Group(_figures(progress), Text(), _newest(progress.newest)), title=plain(title), title_align="left")


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
        readings = [reading for reading in observation.readings if domain_of(reading) == name]
        shown = ", ".join(_written(reading) for reading in readings[:_READINGS_SHOWN])
        more = len(readings) - _READINGS_SHOWN
        table.add_row(
            name,
            observation.dev_eui,
            format_rfc3339(observation.event_ns)[:19],
            plain(shown + (" …" if more > 0 else "")),
        )
    return table


def _written(reading: Reading) -> str:
    name = reading.measurand.partition(".")[2] + (f"[{reading.channel}]" if reading.channel else "")
    return f"{name} {value_text(reading.value, reading.exponent)} {unit_text(reading.measurand)}".rstrip()
