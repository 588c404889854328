"""Tables of what is still to be fetched, what was, and up to when each bridge covered its source."""

from collections.abc import Sequence

from rich.table import Table

from application.backfill import Due
from application.ports.backfill_book import Coverage, Entry, Window
from stadtfunk.tables import instant_text, table

_NS_PER_US = 1_000
_SHOWN = 20
"""Windows that were fetched; the newest."""


def backfill_tables(found: Sequence[Due], entries: Sequence[Entry]) -> list[Table]:
    """Return them."""
    windows = [each for each in entries if isinstance(each, Window) and not each.is_open]
    windows.sort(key=lambda each: each.fetched_us)
    coverages = [each for each in entries if isinstance(each, Coverage)]
    return [_due(found), _fetched(windows[-_SHOWN:]), _covered(coverages)]


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
