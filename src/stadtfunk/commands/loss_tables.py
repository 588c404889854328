"""Tables of the loss ledger, with both balances in sight."""

from collections.abc import Callable, Sequence
from datetime import date, timedelta

from rich.table import Table

from application.losses import Sums
from application.ports.reading_query import StoredReading
from domain.radio import LossDay
from domain.radio.message_count import Counted, disagreements
from stadtfunk.tables import show, table

_EPOCH = date(1970, 1, 1)
_BALANCES = (
    "expected",
    "= received",
    "+ radio",
    "+ network",
    "+ ingest",
    "received",
    "= stored",
    "+ empty",
    "+ undecodable",
    "+ failed",
    "lost",
)
_EVENTS = ("recovered", "late", "duplicate", "redelivered", "breaks", "sessions", "server_only")


def print_losses(rows: Sequence[LossDay], first: Callable[[LossDay], str], sums: Sums | None) -> None:
    """Print rows of the ledger with their sums: the balances, then what happened beside them.

    ``first`` tells the rows apart: by day, or by device.
    """
    if sums is None:
        print("no frames")
        return
    named = [(first(row), row.source, row) for row in rows]
    named += [("all", each.source, each) for each in sums.by_source]
    if len(sums.by_source) > 1:
        named.append(("all", "all", sums.total))
    show(_balances(named), _events(named))


def day_text(row: LossDay) -> str:
    """Return the day of a row."""
    return (_EPOCH + timedelta(days=row.day)).isoformat()


def _balances(named: Sequence[tuple[str, str, LossDay]]) -> Table:
    rows = [(name, source, *_counted(row), "to be recounted" if row.is_doubtful else "") for name, source, row in named]
    return table(("frames", "source", *_BALANCES, "doubt"), rows, right=_BALANCES)


def _counted(row: LossDay) -> tuple[str, ...]:
    counts = (
        row.expected,
        row.received,
        row.radio,
        row.network,
        row.ingest,
        row.received,
        row.stored,
        row.empty,
        row.undecodable,
        row.failed,
    )
    return *map(str, counts), f"{100 * row.loss_ratio:.2f} %"


def _events(named: Sequence[tuple[str, str, LossDay]]) -> Table:
    shown = tuple(event.replace("_", " ") for event in _EVENTS)
    rows = [(name, source, *(str(getattr(row, event)) for event in _EVENTS)) for name, source, row in named]
    return table(("beside them", "source", *shown), rows, right=shown)


def print_cross_check(counts: Sequence[StoredReading]) -> None:
    """Print where a device's own count of its messages contradicts the frame counter."""
    if not counts:
        print("\nthe device sends no count of its own")
        return
    found = []
    for source in sorted({each.source for each in counts}):
        told = sorted((each for each in counts if each.source == source), key=_when)
        frames = [Counted(each.f_cnt, each.reading.value) for each in told if isinstance(each.reading.value, int)]
        found += [(source, each) for each in disagreements(frames)]
    print(f"\n{len(counts)} counts of its own, {len(found)} contradict the frame counter")
    rows = [(source, f"{each.before.f_cnt} to {each.after.f_cnt}", f"{each.unaccounted:+}") for source, each in found]
    if rows:
        show(table(("source", "frames", "messages beyond them"), rows, right=("messages beyond them",)))


def _when(stored: StoredReading) -> int:
    return stored.event_ns
