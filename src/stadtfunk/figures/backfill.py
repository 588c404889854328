"""Numbers of the backfill: what is still to be fetched, and until when it can be."""

from collections.abc import Mapping

from application.backfill import Backfill
from application.ports.clock import Clock
from stadtfunk.figures.figure import Figure, Told

_US = 1_000_000


def backfill_figures(sources: Mapping[str, Backfill], clock: Clock) -> list[Figure]:
    """Return of each source how much is still to be fetched from its store, and how long it can still be."""

    def waiting() -> Told:
        return [(len(each.due), {"source": source}) for source, each in sources.items()]

    def expires() -> Told:
        now_us = clock.now_us()
        return [
            ((min(window.expires_us for window in each.due) - now_us) / _US, {"source": source})
            for source, each in sources.items()
            if each.due
        ]

    return [
        Figure("stadtfunk.backfill.windows", "{window}", waiting),
        Figure("stadtfunk.backfill.expires", "s", expires),
    ]
