"""Tables of what is still to be fetched, what was, and up to when each bridge covered its source."""

from collections.abc import Sequence

from rich.table import Table

from application.backfill import Due
from application.ports.backfill_book import Coverage, Entry, Window
from domain.rfc3339 import format_rfc3339
from stadtfunk.tables import instant_text, table

_NS_PER_US = 1_000
_SHOWN = 20
"""Windows that were fetched; the newest."""


def backfill_tables(found: Sequence[Due], entries: Sequence[Entry]) -> list[Table]:
    """Return them."""
    coverages = [each for each in entries if isinstance(each, Coverage)]
    return [_due(found), _fetched(fetched_windows(entries)[-_SHOWN:]), _covered(coverages)]


def fetched_windows(entries: Sequence[Entry]) -> list[Window]:
    """Return the windows of which nothing is still to be fetched, what was fetched last at last."""
    fetched = [each for each in entries if isinstance(each, Window) and not each.is_open]
    return sorted(fetched, key=lambda each: each.fetched_us)


def lost_for_good(entries: Sequence[Entry]) -> list[str]:
    """Return what the store had forgotten before it was asked, as settings that tell the ledger so."""
    lost = [each for each in entries if isinstance(each, Window) and each.lost_until_us]
    lines = (
        ["", "# Lost by us for good; put it into the settings, so that it is not booked to the radio:"] if lost else []
    )
    for each in sorted(lost, key=lambda each: each.since_us):
        lines += ["[[losses.outages]]", f'source = "{each.source}"']
        lines += [
            f'since = "{_instant(each.since_us)}"',
            f'until = "{_instant(each.lost_until_us)}"',
            'cause = "ingest"',
        ]
    return lines


def _instant(time_us: int) -> str:
    return format_rfc3339(time_us * _NS_PER_US)


def _due(found: Sequence[Due]) -> Table:
    rows = [
        (
            each.source,
            each.what,
            _at(each.since_us),
            _at(each.until_us),
            str(each.state),
            _at(each.expires_us),
            str(each.tries),
            each.trouble,
        )
        for each in found
    ]
    names = ("to be fetched", "why", "since (UTC)", "until (UTC)", "state", "expires (UTC)", "tries", "trouble")
    return table(names, rows, right=("tries",))


def _fetched(windows: Sequence[Window]) -> Table:
    rows = [
        (
            each.source,
            each.reason,
            each.dev_eui,
            _at(each.since_us),
            _at(each.until_us),
            str(each.messages),
            _at(each.fetched_us),
            each.trouble,
        )
        for each in windows
    ]
    names = ("fetched", "why", "device", "since (UTC)", "until (UTC)", "messages", "at (UTC)", "trouble")
    return table(names, rows, right=("messages",))


def _covered(coverages: Sequence[Coverage]) -> Table:
    rows = [(each.source, each.instance, _at(each.through_us)) for each in coverages]
    return table(("covered", "by", "through (UTC)"), rows)


def _at(time_us: int) -> str:
    return instant_text(time_us * _NS_PER_US)
