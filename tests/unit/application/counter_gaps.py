"""Gaps told by the counters of readings, for tests that say which frames came and leave the ledger out."""

from collections.abc import Sequence
from itertools import pairwise

from application.ports.reading_query import StoredReading
from domain.identifiers import DevEui
from domain.parking import Gap


class CounterGaps:
    """Takes every counter between two of one session for a lost frame."""

    async def within(self, device: DevEui, told: Sequence[StoredReading]) -> Sequence[Gap]:
        """Return the gaps."""
        counters = sorted({each.event_ns: each.f_cnt for each in told if each.decoder}.items())
        return [
            Gap(before_ns, after_ns, after - before - 1)
            for (before_ns, before), (after_ns, after) in pairwise(counters)
            if after > before + 1
        ]
